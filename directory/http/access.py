"""The access inventory: which address is for whom, and which may write. What is not in it does not exist.

The application refuses to start when a route is missing here or an entry has no route, so that no page is ever public
by oversight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import structlog
from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from directory import db, kept
from directory.accounts import permissions, rules, sessions
from directory.accounts.terms import Permission
from directory.http import headers, programs, who
from directory.http.site import session, site

_log = structlog.get_logger("stillpoint.web")


class Who(StrEnum):
    """Who may ask."""

    ANYBODY = "anybody"
    HOLDER = "holder"
    """Whoever has signed in, and has the permission the page needs."""
    HALFWAY = "halfway"
    """Whoever has given the right password, also where a second factor is still asked for."""
    DEVELOPER = "developer"
    """Nobody in production: the page does not exist there."""


@dataclass(frozen=True, slots=True)
class Access:
    """``writes``: an unsafe request here runs in a writing transaction and is committed when it succeeds."""

    who: Who = Who.ANYBODY
    writes: bool = False
    needs: Permission | None = None
    """What ``HOLDER`` must be allowed; a page is not there (404) for whoever is not. ``None``: to have signed in."""
    second_factor: bool = False
    """Whether a second factor must have been proved in this session; some permissions ask for it everywhere."""
    fresh: bool = False
    """Whether the person must have proved who they are a short while ago."""
    uploads: bool = False
    """Whether a file comes with it: the request may be large, whoever asks is looked at before it is read, and the view
    begins its writing transaction itself when the file has been looked at (``uploads.write``)."""
    writes_itself: bool = False
    """Whether the view begins its writing transaction itself when it has looked at everything else (``uploads.write``):
    for what many may send at once, because on SQLite one alone writes."""
    keeps: bool = False
    """Whether what somebody sent is kept for them when they must first prove who they are; the page gives it back."""

    @property
    def asks_second_factor(self) -> bool:
        """Whether this page or the permission it needs asks for a second factor."""
        return self.second_factor or (self.needs is not None and permissions.needs_second_factor(self.needs))


PUBLIC = Access()
REGISTERING = Access(Who.HOLDER, needs=Permission.REGISTER_PRACTICE)
SAVING_A_STEP = replace(REGISTERING, writes=True, keeps=True)
OWN_PROFILE = Access(Who.HOLDER, needs=Permission.KEEP_OWN_PROFILE)
SHOWING_EVIDENCE = Access(Who.HOLDER, needs=Permission.KEEP_OWN_PROFILE)
OWN_ACCOUNT = Access(Who.HOLDER, needs=Permission.KEEP_OWN_ACCOUNT)
OWN_ACCOUNT_WRITES = replace(OWN_ACCOUNT, writes=True)
SENSITIVE = replace(OWN_ACCOUNT, fresh=True)
"""What decides who gets into the account."""
SENSITIVE_WRITES = replace(SENSITIVE, writes=True)

REQUESTS = Access(Who.HOLDER, needs=Permission.READ_REQUESTS)
REQUESTS_WRITE = replace(REQUESTS, writes=True)
"""What patients wrote to one."""

DESK = Access(Who.HOLDER, needs=Permission.VERIFY_CLAIMS)
DESK_WRITES = replace(DESK, writes=True, keeps=True)
DESK_SENSITIVE = replace(DESK_WRITES, fresh=True)
"""What takes somebody off the list, or puts them back."""
ADMINISTRATION = Access(Who.HOLDER, needs=Permission.ADMINISTER)
ADMINISTRATION_WRITES = replace(ADMINISTRATION, writes=True, fresh=True)

INVENTORY: Mapping[str, Access] = {
    "static": PUBLIC,
    "home.ask": PUBLIC,
    "home.begin": PUBLIC,
    "search.results": PUBLIC,
    "search.on_map": PUBLIC,
    "search.about_you": PUBLIC,
    "search.forget": PUBLIC,
    "about_you.overview": PUBLIC,
    "about_you.pregnancy": PUBLIC,
    "about_you.send_pregnancy": PUBLIC,
    "about_you.signs": PUBLIC,
    "about_you.send_signs": PUBLIC,
    "about_you.health": PUBLIC,
    "about_you.send_health": PUBLIC,
    "about_you.needles": PUBLIC,
    "about_you.send_needles": PUBLIC,
    "about_you.age": PUBLIC,
    "about_you.send_age": PUBLIC,
    "about_you.wishes": PUBLIC,
    "about_you.send_wishes": PUBLIC,
    "about_you.remove": PUBLIC,
    "about_you.send_born": PUBLIC,
    "about_you.someone_else": PUBLIC,
    "about_you.next_person": PUBLIC,
    "about_you.myself": PUBLIC,
    "about_you.send_language": PUBLIC,
    "about_you.sheet": PUBLIC,
    "urgent.now": PUBLIC,
    "urgent.talk": PUBLIC,
    "urgent.back": PUBLIC,
    "practitioners.find": PUBLIC,
    "shortlist.add": PUBLIC,
    "shortlist.remove": PUBLIC,
    "shortlist.empty": PUBLIC,
    "compare.side_by_side": PUBLIC,
    "match.choose": PUBLIC,
    "match.send_about_you": PUBLIC,
    "match.write": PUBLIC,
    "match.send": Access(writes_itself=True),
    "match.sent": PUBLIC,
    "saved.new": PUBLIC,
    "saved.send_new": Access(writes=True),
    "saved.asked": PUBLIC,
    "saved.search": PUBLIC,
    "saved.send_confirm": Access(writes=True),
    "saved.send_forget_facts": Access(writes=True),
    "saved.send_stop": Access(writes=True),
    "saved.one_click": Access(writes=True),
    "saved.stopped": PUBLIC,
    "practitioners.profile": PUBLIC,
    "practitioners.contact": PUBLIC,
    "practitioners.picture": PUBLIC,
    "report.entry": PUBLIC,
    "report.send_entry": Access(writes=True),
    "report.sent": PUBLIC,
    "report.harm": PUBLIC,
    "report.send_harm": Access(writes=True),
    "report.harm_by": PUBLIC,
    "report.send_harm_by": Access(writes=True),
    "report.harm_sent": PUBLIC,
    "outcome.index": PUBLIC,
    "outcome.send": Access(writes=True),
    "feedback.index": PUBLIC,
    "feedback.send": Access(writes=True),
    "feedback.take_back": Access(writes=True),
    "feedback.taken_back": PUBLIC,
    "registry.index": PUBLIC,
    "registry.entry": PUBLIC,
    "registry.claim": PUBLIC,
    "registry.send_claim": Access(writes=True),
    "registry.claimed": PUBLIC,
    "registry.remove": Access(writes=True),
    "registry.removed": PUBLIC,
    "care.index": PUBLIC,
    "care.bring": PUBLIC,
    "care.make_list": PUBLIC,
    "care.prepare": PUBLIC,
    "care.questions": PUBLIC,
    "care.make_questions": PUBLIC,
    "care.letter": PUBLIC,
    "care.make_letter": PUBLIC,
    "care.superbill": PUBLIC,
    "care.after": PUBLIC,
    "care.after_calendar": PUBLIC,
    "care.empty_plan": PUBLIC,
    "care.plan_with": PUBLIC,
    "care.make_plan": PUBLIC,
    "care.make_plan_with": PUBLIC,
    "care.review": PUBLIC,
    "care.summary": PUBLIC,
    "care.summary_pdf": PUBLIC,
    "care.summary_for": PUBLIC,
    "care.hand_over": Access(writes=True),
    "diary.index": PUBLIC,
    "diary.manifest": PUBLIC,
    "diary.worker": PUBLIC,
    "diary.about_pdf": PUBLIC,
    "diary.make_pdf": PUBLIC,
    "guide.index": PUBLIC,
    "guide.find": PUBLIC,
    "guide.page": PUBLIC,
    "about.index": PUBLIC,
    "about.ranking": PUBLIC,
    "about.privacy": PUBLIC,
    "about.terms": PUBLIC,
    "about.accessibility": PUBLIC,
    "crawlers.robots": PUBLIC,
    "crawlers.sitemap": PUBLIC,
    "crawlers.sitemap_of_pages": PUBLIC,
    "crawlers.sitemap_of_people": PUBLIC,
    "crawlers.picture": PUBLIC,
    "feeds.newly_checked": PUBLIC,
    "embed.index": PUBLIC,
    "embed.box": PUBLIC,
    "data.index": PUBLIC,
    "data.practitioners": PUBLIC,
    "data.described": PUBLIC,
    "data.packaged": PUBLIC,
    "health.healthz": PUBLIC,
    "health.readyz": PUBLIC,
    "style.parts": Access(Who.DEVELOPER),
    "registration.overview": REGISTERING,
    "registration.withdraw": replace(REGISTERING, writes=True),
    "registration.who": REGISTERING,
    "registration.save_who": SAVING_A_STEP,
    "registration.prefill": REGISTERING,
    "registration.save_prefill": SAVING_A_STEP,
    "registration.alike": REGISTERING,
    "registration.claim": replace(REGISTERING, writes=True),
    "registration.claimed": REGISTERING,
    "registration.places": REGISTERING,
    "registration.new_place": REGISTERING,
    "registration.save_new_place": SAVING_A_STEP,
    "registration.place": REGISTERING,
    "registration.save_place": SAVING_A_STEP,
    "registration.place_visits": REGISTERING,
    "registration.save_place_visits": SAVING_A_STEP,
    "registration.place_access": REGISTERING,
    "registration.save_place_access": SAVING_A_STEP,
    "registration.close_place": replace(REGISTERING, writes=True),
    "registration.work": REGISTERING,
    "registration.save_work": SAVING_A_STEP,
    "registration.offers": REGISTERING,
    "registration.save_offers": SAVING_A_STEP,
    "registration.prices": REGISTERING,
    "registration.save_prices": SAVING_A_STEP,
    "registration.words": REGISTERING,
    "registration.save_words": SAVING_A_STEP,
    "registration.education": REGISTERING,
    "registration.save_education": SAVING_A_STEP,
    "registration.education_new": REGISTERING,
    "registration.save_education_new": SAVING_A_STEP,
    "registration.education_new_course": REGISTERING,
    "registration.save_education_new_course": SAVING_A_STEP,
    "registration.education_item": REGISTERING,
    "registration.save_education_item": SAVING_A_STEP,
    "registration.education_end": REGISTERING,
    "registration.save_education_end": SAVING_A_STEP,
    "registration.licences": REGISTERING,
    "registration.save_licences": SAVING_A_STEP,
    "registration.licence_new": REGISTERING,
    "registration.save_licence_new": SAVING_A_STEP,
    "registration.licence": REGISTERING,
    "registration.save_licence": SAVING_A_STEP,
    "registration.licence_end": REGISTERING,
    "registration.save_licence_end": SAVING_A_STEP,
    "registration.cover_new": REGISTERING,
    "registration.save_cover_new": SAVING_A_STEP,
    "registration.cover": REGISTERING,
    "registration.save_cover": SAVING_A_STEP,
    "registration.cover_end": REGISTERING,
    "registration.save_cover_end": SAVING_A_STEP,
    "registration.rls": REGISTERING,
    "registration.save_rls": SAVING_A_STEP,
    "registration.pregnancy": REGISTERING,
    "registration.save_pregnancy": SAVING_A_STEP,
    "registration.licence_where": REGISTERING,
    "registration.review": replace(REGISTERING, second_factor=True),
    "registration.submit": replace(REGISTERING, writes=True, second_factor=True),
    "registration.submitted": REGISTERING,
    "practice.listed": OWN_PROFILE,
    "practice.confirm": OWN_PROFILE,
    "practice.send_confirm": replace(OWN_PROFILE, writes=True),
    "practice.feedback": OWN_PROFILE,
    "practice.send_reply": replace(OWN_PROFILE, writes=True),
    "practice.take_reply_back": replace(OWN_PROFILE, writes=True),
    "practice.away": OWN_PROFILE,
    "practice.send_away": replace(OWN_PROFILE, writes=True),
    "practice.still_true_link": PUBLIC,
    "practice.send_still_true": Access(writes=True),
    "evidence.claim": SHOWING_EVIDENCE,
    "evidence.file": SHOWING_EVIDENCE,
    "evidence.send_file": replace(SHOWING_EVIDENCE, uploads=True),
    "evidence.statement": SHOWING_EVIDENCE,
    "evidence.send_statement": replace(SHOWING_EVIDENCE, writes=True, keeps=True),
    "evidence.colleague": SHOWING_EVIDENCE,
    "evidence.send_colleague": replace(SHOWING_EVIDENCE, writes=True, keeps=True),
    "evidence.download": Access(Who.HOLDER),
    "evidence.view": DESK,
    "evidence.remove": SHOWING_EVIDENCE,
    "evidence.send_remove": replace(SHOWING_EVIDENCE, writes=True),
    "evidence.confirm": PUBLIC,
    "evidence.send_answer": Access(writes=True),
    "evidence.answered": PUBLIC,
    "evidence.photo": SHOWING_EVIDENCE,
    "evidence.send_photo": replace(SHOWING_EVIDENCE, uploads=True),
    "evidence.photo_file": Access(Who.HOLDER),
    "evidence.remove_photo": replace(SHOWING_EVIDENCE, writes=True),
    "practitioners.photo": PUBLIC,
    "practitioners.small_photo": PUBLIC,
    "account.index": OWN_ACCOUNT,
    "account.practise": OWN_ACCOUNT_WRITES,
    "account.sign_in": PUBLIC,
    "account.send_sign_in": Access(writes=True),
    "account.sign_in_with_passkey": Access(writes=True),
    "account.challenge": Access(writes=True),
    "account.second_factor": Access(Who.HALFWAY),
    "account.prove_second_factor": Access(Who.HALFWAY, writes=True),
    "account.prove_passkey": Access(Who.HALFWAY, writes=True),
    "account.again": OWN_ACCOUNT,
    "account.prove_again": OWN_ACCOUNT_WRITES,
    "account.prove_again_with_passkey": OWN_ACCOUNT_WRITES,
    "account.send_sign_out": Access(writes=True),
    "account.signed_out": PUBLIC,
    "account.register": PUBLIC,
    "account.send_register": Access(writes=True),
    "account.letter_sent": PUBLIC,
    "account.welcome": PUBLIC,
    "account.send_welcome": Access(writes=True),
    "account.recover": PUBLIC,
    "account.send_recover": Access(writes=True),
    "account.new_password": PUBLIC,
    "account.send_new_password": Access(writes=True),
    "account.password_set": PUBLIC,
    "account.keep_email": PUBLIC,
    "account.send_keep_email": Access(writes=True),
    "account.password": OWN_ACCOUNT,
    "account.send_password": OWN_ACCOUNT_WRITES,
    "account.email": SENSITIVE,
    "account.send_email": SENSITIVE_WRITES,
    "account.confirm_email": OWN_ACCOUNT,
    "account.send_confirm_email": OWN_ACCOUNT_WRITES,
    "account.own_sessions": SENSITIVE,
    "account.end_session": SENSITIVE_WRITES,
    "account.end_other_sessions": SENSITIVE_WRITES,
    "account.log": OWN_ACCOUNT,
    "account.second_factors": SENSITIVE,
    "account.authenticator": SENSITIVE,
    "account.send_authenticator": SENSITIVE_WRITES,
    "account.remove_authenticator": SENSITIVE_WRITES,
    "account.new_passkey": SENSITIVE,
    "account.passkey_options": SENSITIVE_WRITES,
    "account.send_new_passkey": SENSITIVE_WRITES,
    "account.remove_passkey": SENSITIVE_WRITES,
    "account.new_recovery_codes": SENSITIVE_WRITES,
    "account.demo": Access(Who.DEVELOPER),
    "mailbox.index": Access(Who.DEVELOPER),
    "mailbox.letter": Access(Who.DEVELOPER),
    "practice.home": OWN_PROFILE,
    "practice.questions": OWN_PROFILE,
    "practice.send_answer": Access(Who.HOLDER, needs=Permission.KEEP_OWN_PROFILE, writes=True, keeps=True),
    "practice.preview": OWN_PROFILE,
    "practice.rank": OWN_PROFILE,
    "practice.figures": OWN_PROFILE,
    "practice.export": OWN_PROFILE,
    "practice.send_export": Access(Who.HOLDER, needs=Permission.KEEP_OWN_PROFILE, fresh=True),
    "practice.leave": OWN_PROFILE,
    "practice.send_leave": Access(Who.HOLDER, needs=Permission.KEEP_OWN_PROFILE, fresh=True, writes=True),
    "practice.left": PUBLIC,
    "api.index": PUBLIC,
    "api.openapi": PUBLIC,
    "api.search": PUBLIC,
    "api.send_search": PUBLIC,
    "api.practitioner": PUBLIC,
    "api.practice_place": PUBLIC,
    "api.places": PUBLIC,
    "api.jurisdictions": PUBLIC,
    "api.jurisdiction": PUBLIC,
    "api.accuracy": PUBLIC,
    "desk.api_keys": ADMINISTRATION,
    "desk.send_api_key": ADMINISTRATION_WRITES,
    "desk.send_api_key_revoked": ADMINISTRATION_WRITES,
    "accuracy.index": PUBLIC,
    "accuracy.machine": PUBLIC,
    "desk.staff": ADMINISTRATION,
    "desk.send_invitation": ADMINISTRATION_WRITES,
    "desk.colleague": ADMINISTRATION,
    "desk.send_role": ADMINISTRATION_WRITES,
    "desk.send_sign_out": ADMINISTRATION_WRITES,
    "desk.send_reset": ADMINISTRATION_WRITES,
    "desk.send_leave": ADMINISTRATION_WRITES,
    "desk.figures": DESK,
    "desk.calls": DESK,
    "desk.send_call": DESK_WRITES,
    "desk.queue": DESK,
    "desk.rosters": DESK,
    "practice.no_longer": OWN_PROFILE,
    "practice.send_no_longer": Access(Who.HOLDER, needs=Permission.KEEP_OWN_PROFILE, fresh=True, writes=True),
    "desk.closing": DESK,
    "desk.send_closing": DESK_SENSITIVE,
    "desk.send_reopen": DESK_SENSITIVE,
    "desk.forecast": DESK,
    "desk.dispute": DESK,
    "desk.send_dispute": DESK_SENSITIVE,
    "desk.duplicates": DESK,
    "desk.send_merge": DESK_SENSITIVE,
    "desk.send_not_the_same": DESK_WRITES,
    "desk.jobs": ADMINISTRATION,
    "desk.log": ADMINISTRATION,
    "desk.jurisdictions": ADMINISTRATION,
    "desk.jurisdiction": ADMINISTRATION,
    "desk.send_jurisdiction": ADMINISTRATION_WRITES,
    "desk.report": DESK,
    "desk.send_report": DESK_WRITES,
    "desk.decision": DESK,
    "desk.send_decision": DESK_WRITES,
    "desk.decided": DESK,
    "desk.person_decision": DESK,
    "desk.send_person_decision": DESK_WRITES,
    "desk.send_take": DESK_WRITES,
    "desk.send_release": DESK_WRITES,
    "desk.send_next": DESK_WRITES,
    "desk.kept_views": DESK,
    "desk.send_view": DESK_WRITES,
    "desk.send_view_name": DESK_WRITES,
    "desk.send_view_first": DESK_WRITES,
    "desk.send_view_drop": DESK_WRITES,
    "desk.case": DESK,
    "desk.telephone": DESK,
    "desk.send_telephone": DESK_WRITES,
    "desk.letter": DESK,
    "desk.send_letter": DESK_WRITES,
    "desk.certifier": DESK,
    "desk.send_certifier": DESK_WRITES,
    "desk.identity": DESK,
    "desk.send_identity": DESK_WRITES,
    "control.question": PUBLIC,
    "control.send_answer": Access(writes=True),
    "control.answered": PUBLIC,
    "practice.code": OWN_PROFILE,
    "practice.send_code": replace(OWN_PROFILE, writes=True),
    "practice.appeal": OWN_PROFILE,
    "practice.send_appeal": replace(OWN_PROFILE, writes=True),
    "practice.requests": REQUESTS,
    "practice.taking": OWN_PROFILE,
    "practice.send_taking": replace(OWN_PROFILE, writes=True),
    "practice.request_page": REQUESTS,
    "practice.request_calendar": REQUESTS,
    "practice.request_summary": REQUESTS,
    "practice.send_accept": REQUESTS_WRITE,
    "practice.send_offer": REQUESTS_WRITE,
    "practice.send_decline": REQUESTS_WRITE,
    "practice.send_message": REQUESTS_WRITE,
    "practice.send_move": REQUESTS_WRITE,
    "practice.send_moved": REQUESTS_WRITE,
    "practice.send_stay": REQUESTS_WRITE,
    "practice.send_cancel": REQUESTS_WRITE,
    "visits.visit": PUBLIC,
    "visits.visit_calendar": PUBLIC,
    "visits.erased": PUBLIC,
    "visits.letter_sent": PUBLIC,
    "visits.send_prove": Access(writes=True),
    "visits.send_disown": Access(writes=True),
    "visits.send_erase": Access(writes=True),
    "visits.send_withdraw": Access(writes=True),
    "visits.send_withdraw_one": Access(writes=True),
    "visits.send_refuse": Access(writes=True),
    "visits.send_cancel": Access(writes=True),
    "visits.send_confirm": Access(writes=True),
    "visits.send_propose": Access(writes=True),
    "visits.send_message": Access(writes=True),
    "visits.send_renew": Access(writes=True),
    "visits.send_revoke": Access(writes=True),
    "fhir.metadata": PUBLIC,
    "fhir.search": PUBLIC,
    "fhir.search_by_post": PUBLIC,
    "fhir_files.read": PUBLIC,
    "fhir_files.vread": PUBLIC,
    "fhir_files.history_of_one": PUBLIC,
    "fhir_files.history_of_type": PUBLIC,
    "fhir_files.history_of_all": PUBLIC,
    "fhir_files.begin_export": PUBLIC,
    "fhir_files.begin_export_by_post": PUBLIC,
    "fhir_files.export_status": PUBLIC,
    "fhir_files.cancel_export": PUBLIC,
    "fhir_files.export_file": PUBLIC,
    "practice.come_back": Access(Who.HOLDER, needs=Permission.KEEP_OWN_PROFILE, writes=True),
}

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class UnlistedRoute(Exception):
    """The inventory and the routes do not agree; the sentence names the difference."""


def guard(app: Flask, *, production: bool) -> None:
    """Compare the inventory with the routes, and answer 404 wherever it has no entry for who may be asking."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    if routes != INVENTORY.keys():
        missing, gone = sorted(routes - INVENTORY.keys()), sorted(INVENTORY.keys() - routes)
        raise UnlistedRoute(f"not in the access inventory: {missing}; in the inventory without a route: {gone}")

    @app.before_request
    def _permit() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        entry = INVENTORY.get(request.endpoint)
        if entry is None or (entry.who is Who.DEVELOPER and production):
            abort(404)
        if entry.who in (Who.HOLDER, Who.HALFWAY):
            return known(entry)
        if request.endpoint not in _WITHOUT_COOKIES and not programs.ask() and who.brings_a_session():
            # The way to one's own pages stands on every page.
            headers.personal()
        return None


_WITHOUT_COOKIES = frozenset({"static", "embed.box", "health.healthz", "health.readyz"})


def known(entry: Access) -> ResponseReturnValue | None:
    """Let whoever is known pass, or send them where they can prove what is lacking."""
    headers.personal()
    if who.brings_a_session() and this_request_writes():
        # What is read about the asker belongs to the transaction that writes.
        db.writing(session())
    row = who.this_browsers_session()
    if row is None:
        ended = who.whose_session_ended()
        if ended is not None:
            _keep(entry, ended.id)
        return _send_to("account.sign_in")
    if entry.who is Who.HALFWAY:
        return None
    if row.pending:
        return _send_to("account.second_factor")
    if entry.needs is not None and not permissions.may(row.account.roles, entry.needs):
        _log.warning("not_permitted", endpoint=request.endpoint, account=row.account_id, needs=str(entry.needs))
        abort(404)
    if entry.asks_second_factor and row.second_factor_at is None:
        _keep(entry, row.account_id)
        return _send_to("account.second_factor")
    if entry.fresh and not who.is_fresh():
        _keep(entry, row.account_id)
        return _send_to("account.again")
    _note_use(row.id, row.last_seen_at)
    return None


def _note_use(session_id: int, last_seen_at: datetime) -> None:
    """Remember that the session was used, after the answer and not with every request."""
    now = site().clock()
    if now - last_seen_at >= rules.SEEN_EVERY:
        site().database.afterwards(lambda own: sessions.seen(own, session_id, now=now))


def keep_what_was_sent() -> bool:
    """Keep a form whose token was not right, because its owner signed in anew in another window meanwhile.

    The cookie of a session comes with no request that another site sends, so whatever comes with one was typed here.
    """
    entry = INVENTORY.get(request.endpoint or "")
    if entry is None or not entry.keeps or not this_request_writes() or not who.brings_a_session():
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    db.writing(session())
    account = who.signed_in()
    if account is None or entry.needs is None or not permissions.may(account.roles, entry.needs):
        return False
    _keep(entry, account.id)
    return True


def keep(account_id: int) -> None:
    """Keep what was sent to this page for the account it belongs to, until they have proved who they are."""
    kept.keep(session(), account_id, request.path, request.form.items(multi=True), now=site().clock())


def _keep(entry: Access, account_id: int) -> None:
    if entry.keeps and this_request_writes() and request.form:
        keep(account_id)
        # The answer is a redirect made outside the transaction of a view, which would have committed it.
        session().commit()


def _send_to(endpoint: str) -> ResponseReturnValue:
    """Where something is to be proved, with the way back to a page that can be asked for."""
    return redirect(url_for(endpoint, next=_page_here_or_above()), 303)


def _page_here_or_above() -> str | None:
    """The path of this request, or the nearest one above it that is a page; ``None`` where there is none."""
    if request.method in SAFE_METHODS:
        return request.path
    adapter = current_app.create_url_adapter(request)
    path = request.path
    while adapter is not None and path.strip("/"):
        try:
            adapter.match(path, method="GET")
        except HTTPException:
            path = path.rpartition("/")[0]
        else:
            return path
    return None


def this_request_writes() -> bool:
    """Whether the request at hand may change the database."""
    entry = INVENTORY.get(request.endpoint or "")
    return request.method not in SAFE_METHODS and entry is not None and entry.writes
