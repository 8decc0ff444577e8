"""How often somebody stood in a list or was looked at: counts by day, told by week, never who asked or what for.

The search does not know this package, so that nothing counted here can ever move anybody in a list.
"""
