"""What boards publish of their licensees: rosters in layouts of their own, read alike, kept, and set beside the papers
of our practitioners. A roster never changes a paper by itself: it opens a case, and somebody decides."""
