"""A backup holds every row of every table, restores into either database, and never half replaces anything."""

from __future__ import annotations

import json
import stat
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

from directory import changes, db
from directory.cli import archive, main
from directory.credentials.evidence.store import Store as FileStore
from directory.crypto import keyring
from directory.errors import Conflict, DomainError, InvalidInput
from directory.jurisdictions import service as jurisdictions
from tests.databases import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.databases import Databases

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WAYS = [
    pytest.param(source, target, marks=[pytest.mark.postgres] if POSTGRESQL in (source, target) else [])
    for source in (SQLITE, POSTGRESQL)
    for target in (SQLITE, POSTGRESQL)
]
SECRET = "12 Hidden Lane, next to the canal"

INSTANT = datetime(2026, 3, 1, 13, 45, 6, 789_012, tzinfo=UTC)
DAY = date(2026, 3, 1)
ROWS: dict[str, list[dict[str, Any]]] = {
    "practitioner": [
        {
            "id": 7,
            "slug": "zoë-o'neill",
            "display_name": "Zoë O’Neill 楊\n\u2028",
            "profession": "acupuncturist",
            "gender": "female",
            "npi": None,
            "words": 'quoted "words", \\ and\ttabs',
            "min_patient_age": 18,
            "account_status": "published",
            "published_at": INSTANT,
            "fictional": True,
            "created_at": INSTANT,
            "updated_at": INSTANT,
        },
        {
            "id": 8,
            "slug": "zoe-oneill",
            "display_name": "Zoe ONeill",
            "profession": "acupuncturist",
            "gender": "female",
            "npi": None,
            "words": "",
            "min_patient_age": 18,
            "account_status": "draft",
            "published_at": None,
            "fictional": True,
            "created_at": INSTANT,
            "updated_at": INSTANT,
        },
    ],
    "reminder_sent": [{"practitioner_id": 7, "occasion": "profile:2026-08-01:75", "noted_at": INSTANT, "sent": True}],
    "profile_attestation": [{"id": 3, "practitioner_id": 7, "place_id": 41, "attested_at": INSTANT}],
    "practice_place": [
        {
            "id": 41,
            "practitioner_id": 7,
            "active": True,
            "label": "Home",
            "jurisdiction": "GB-ENG",
            "country": "GB",
            "locality": "Bristol",
            "hidden_home": True,
            "address_sealed": SECRET,
            "latitude": 51.454513000000004,
            "longitude": -2.5879,
            "point_precision": "area",
            "timezone": "Europe/London",
            "in_person": True,
            "home_visit_radius_km": 0.1,
            "remote_consultation": True,
            "accepting": "yes",
            "accepting_confirmed_on": DAY,
            "away_from": DAY,
            "away_until": DAY,
            "price_currency": "GBP",
            "price_first_visit": Decimal("65.10"),
            "step_free": None,
            "door_width_cm": 80,
        }
    ],
    "account": [
        {
            "id": 5,
            "email": "Zoë@example.org",
            "email_key": "zoë@example.org",
            "password": "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
            "password_changed_at": INSTANT,
            "active": True,
            "confirmed_at": INSTANT,
            "locale": "en_GB",
            "fs_uniquifier": "u" * 64,
            "fs_webauthn_user_handle": "h" * 64,
            "tf_totp_secret": SECRET,
            "totp_since": INSTANT,
            "totp_last_counter": 5_000_000_000,
            "fictional": False,
            "created_at": INSTANT,
        }
    ],
    "account_role": [{"account_id": 5, "role": "practitioner", "granted_at": INSTANT}],
    "account_session": [
        {
            "id": 6,
            "sid_hash": "s" * 64,
            "account_id": 5,
            "pending": False,
            "began_at": INSTANT,
            "last_seen_at": INSTANT,
            "proved_at": INSTANT,
            "second_factor": "totp",
            "second_factor_at": INSTANT,
            "device": "Firefox on Linux",
        }
    ],
    "account_passkey": [
        {
            "id": 4,
            "account_id": 5,
            "credential_id": b"\x00\xffid",
            "public_key": bytes(range(256)),
            "sign_count": 3,
            "name": "my phone",
            "transports": "internal",
            "created_at": INSTANT,
            "last_used_at": None,
        }
    ],
    "account_passkey_challenge": [{"challenge_hash": "c" * 64, "expires_at": INSTANT}],
    "account_recovery_code": [{"code_hash": "r" * 64, "account_id": 5, "made_at": INSTANT}],
    "account_device": [{"account_id": 5, "token_hash": "d" * 64, "first_seen_at": INSTANT, "last_seen_at": INSTANT}],
    "account_event": [{"id": 8, "account_id": 5, "at": INSTANT, "happening": "signed_in", "device": "Firefox"}],
    "account_attempt": [{"id": 9, "action": "sign_in", "subject": "a" * 64, "at": INSTANT}],
    "account_link": [
        {
            "token_hash": "l" * 64,
            "purpose": "recover",
            "account_id": 5,
            "email": None,
            "email_key": None,
            "role": None,
            "locale": "en_GB",
            "made_at": INSTANT,
            "expires_at": INSTANT,
        }
    ],
    "kept_input": [{"account_id": 5, "path": "/registration/who", "kept_at": INSTANT, "fields_sealed": SECRET}],
    "registration": [
        {
            "practitioner_id": 7,
            "begun_at": INSTANT,
            "submitted_at": INSTANT,
            "signed_as_sealed": SECRET,
            "npi_claimed": "1558598797",
        }
    ],
    "registration_step": [{"practitioner_id": 7, "step": "who", "saved_at": INSTANT}],
    "registration_prefill": [
        {
            "practitioner_id": 7,
            "field": "name",
            "source": "NPPES",
            "as_of": DAY,
            "accepted": True,
            "decided_at": INSTANT,
        }
    ],
    "proposed_edit": [
        {
            "id": 11,
            "practitioner_id": 7,
            "subject": "place:41",
            "field_class": "reverify",
            "before_sealed": SECRET,
            "after_sealed": SECRET,
            "state": "waiting",
            "proposed_at": INSTANT,
            "decided_at": None,
            "answer_sealed": None,
        }
    ],
    "working_way": [{"practitioner_id": 7, "asks_ferritin": True, "visit_minutes": 60, "stated_on": DAY}],
    "search_appearance": [
        {"practitioner_id": 7, "day": DAY, "appearances": 3, "sum_of_rank": 12, "apart": 0, "views": 1}
    ],
    "departure": [{"practitioner_id": 7, "left_at": INSTANT, "erase_on": DAY, "status_before": "published"}],
    "practitioner_closing": [
        {"practitioner_id": 7, "why": "retired", "closed_on": DAY, "noted_at": INSTANT, "status_before": "published"}
    ],
    "jurisdiction_switch": [{"code": "GB-ENG", "closed_since": INSTANT, "closed_by": 5, "reason_sealed": SECRET}],
    "duplicate_pair": [{"id": 16, "first_id": 7, "second_id": 8, "answer": "open", "noted_at": INSTANT}],
    "practitioner_merge": [
        {"id": 17, "from_id": 3, "into_id": 7, "slug_hash": "a" * 64, "merged_at": INSTANT, "merged_by": 5}
    ],
    "practitioner_merge_note": [{"merge_id": 17, "practitioner_id": 7, "before_sealed": SECRET}],
    "consultation_setting": [
        {
            "practitioner_id": 7,
            "most_open": 3,
            "phone": True,
            "video": False,
            "in_person": True,
            "minutes": 30,
            "not_before": DAY,
            "stated_at": INSTANT,
        }
    ],
    "consultation_request": [
        {
            "id": 21,
            "code": "abcdefghjkmn",
            "created_at": INSTANT,
            "asking_order": "in_order",
            "limit_hours": 24,
            "talk": "phone",
            "locale": "en_GB",
            "timezone": "Europe/London",
            "email_hash": "e" * 64,
            "waitlist_ok": False,
            "consent_version": "2026-11",
            "consented_at": INSTANT,
            **{
                f"{name}_sealed": SECRET
                for name in ("name", "email", "telephone", "guardian", "point", "facts", "shared", "words")
            },
        }
    ],
    "consultation": [
        {
            "id": 22,
            "code": "nmkjhgfedcba",
            "request_id": 21,
            "practitioner_id": 7,
            "place_id": 41,
            "mode": "in_person",
            "position": 0,
            "state": "confirmed",
            "minutes": 30,
            "price_currency": "GBP",
            "price_amount": Decimal("12.50"),
            "asked_at": INSTANT,
            "nudges": 1,
            "answered_at": INSTANT,
            "starts_at": INSTANT,
            "uid": "u" * 36,
            "sequence": 2,
            "how_sealed": SECRET,
        }
    ],
    "proposed_time": [
        {"id": 23, "request_id": 21, "side": "patient", "starts_at": INSTANT, "minutes": 30, "proposed_at": INSTANT}
    ],
    "booked_quarter": [{"practitioner_id": 7, "starts_at": INSTANT, "consultation_id": 22}],
    "consultation_message": [
        {"id": 24, "consultation_id": 22, "side": "patient", "text_sealed": SECRET, "sent_at": INSTANT}
    ],
    "shared_summary": [
        {
            "id": 29,
            "consultation_id": 22,
            "content_sealed": SECRET,
            "lasts": "week",
            "consent_version": "2026-11",
            "shared_at": INSTANT,
            "revoked_at": INSTANT,
        }
    ],
    "contact_outcome": [
        {
            "id": 27,
            "consultation_id": 22,
            "practitioner_id": 7,
            "place_id": 41,
            "jurisdiction": "GB-ENG",
            "token_hash": "o" * 64,
            "asked_at": INSTANT,
            "contact": "wrong_number",
            "told_at": INSTANT,
            "mailbox": "m" * 64,
            "network": "n" * 64,
            "case_id": 4,
        }
    ],
    "service_story": [
        {
            "id": 28,
            "outcome_id": 27,
            "practitioner_id": 7,
            "place_id": 41,
            "token_hash": "o" * 64,
            "in_time": True,
            "price_first": False,
            "listened": None,
            "words_sealed": SECRET,
            "sent_at": INSTANT,
            "stand": "published",
            "decided_at": INSTANT,
            "reply_sealed": SECRET,
            "replied_at": INSTANT,
            "reply_stand": "waiting",
        }
    ],
    "consultation_link": [
        {
            "token_hash": "k" * 64,
            "request_id": 21,
            "purpose": "meeting",
            "made_at": INSTANT,
            "expires_at": INSTANT,
            "used_at": INSTANT,
            "used_for": "confirm",
        }
    ],
    "legal_hold": [{"practitioner_id": 7, "placed_at": INSTANT, "reason_sealed": SECRET}],
    "tombstone": [{"practitioner_id": 3, "slug_hash": "t" * 64, "gone_at": INSTANT}],
    "place_hours": [{"place_id": 41, "weekday": 6, "opens": time(9, 30), "closes": time(17)}],
    "place_remote_jurisdiction": [{"place_id": 41, "jurisdiction": "IE"}],
    "payer": [{"code": "gb-bupa", "country": "GB", "name": "Bupa"}],
    "place_payer": [{"place_id": 41, "payer_code": "gb-bupa", "stated_on": DAY}],
    "language": [{"code": "cy", "name": "Welsh", "autonym": "Cymraeg"}],
    "practitioner_language": [
        {"practitioner_id": 7, "language_code": "cy", "spoken_by": "practitioner", "level": "fluent"}
    ],
    "practitioner_technique": [{"practitioner_id": 7, "technique": "electro"}],
    "practitioner_decline": [{"practitioner_id": 7, "condition": "needle_phobia"}],
    "practitioner_protocol": [{"practitioner_id": 7, "protocol": "anticoagulant_bleeding_protocol"}],
    "credential": [
        {
            "id": number,
            "practitioner_id": 7,
            "kind": "professional_body",
            "jurisdiction": "GB-ENG",
            "status": "active",
            "renewal_pending": False,
            "identity_match": True,
            "created_at": INSTANT,
        }
        for number in (1, 2)
    ],
    "credential_condition": [{"credential_id": 2, "code": "other"}],
    "indemnity": [{"id": 9, "practitioner_id": 7, "expires": DAY, "covers_pregnancy": True, "created_at": INSTANT}],
    "rls_experience": [
        {
            "id": 5,
            "practitioner_id": 7,
            "patients_24m": 12,
            "years": 3.3,
            "training_hours": 0.1,
            "outcomes": "own_diary",
            "liaison": "none",
            "publications": 0,
            **{
                f"{item}_verification": "self_attested"
                for item in ("patients", "years", "training", "outcomes", "liaison", "publications")
            },
        }
    ],
    "pregnancy_declaration": [
        {
            "id": 6,
            "practitioner_id": 7,
            "treats": True,
            "training_hours": 20.5,
            "training_verification": "none",
            "point_policy": "none",
            "written_consent": True,
            "emergency_policy": True,
            "positions_adapted": True,
            "liaison": "none",
            "not_offered_as_induction": True,
            "adverse_event_log": True,
            "truth_declared": True,
            "patients_24m": 3,
        }
    ],
    "geocode_cache": [
        {
            "key": "k" * 64,
            "provider": "nominatim",
            "latitude": None,
            "longitude": None,
            "precision": None,
            "fetched_at": INSTANT,
        }
    ],
    "registry_entry": [
        {
            "npi": "2000000010",
            "standing": "shown",
            "standing_since": DAY,
            "last_name": "O’NEILL",
            "first_name": "ZOË",
            "middle_name": "",
            "suffix": "JR",
            "name_key": "oneill",
            "city": "PORTLAND",
            "region": "OR",
            "country": "US",
            "contact_sealed": SECRET,
            "enumerated_on": None,
            "updated_on": DAY,
            "as_of": DAY,
            "digest": "d" * 64,
        }
    ],
    "registry_lead": [
        {"npi": "2000000010", "slot": 15, "state": "OR", "number": "AC150001", "is_primary": True},
    ],
    "registry_removal": [{"npi": "2000000028", "removed_at": INSTANT}],
    "registry_import": [
        {
            "id": 12,
            "sha256": "e" * 64,
            "file_name": "npidata_pfile_20260105-20260111.csv",
            "reader": 1,
            "reach": "partial",
            "as_of": None,
            "state": "reading",
            "started_at": INSTANT,
            "read_to": 11_000_000_000,
            "next_line": 9_000_001,
            "newest": DAY,
            "counts": {"rows": 9_000_000, "people": 7},
        }
    ],
    "roster_file": [
        {
            "id": 14,
            "sha256": "a" * 64,
            "file_name": "roster.csv",
            "reader": 1,
            "jurisdiction": "US-MD",
            "as_of": DAY,
            "state": "applied",
            "refusal": None,
            "taken_at": INSTANT,
            "counts": {"rows": 56},
            "rejects": [{"line": 7, "flaw": "columns"}],
        }
    ],
    "roster_entry": [
        {
            "id": 15,
            "jurisdiction": "US-MD",
            "licence_type": "acupuncturist",
            "number_key": "717",
            "number": "U00717",
            "written_name": "Zoë O’Neill 楊",
            "name_key": "zoe oneill yang",
            "family_key": "oneill",
            "given_key": "zoe",
            "names": [["oneill", "zoe", ""]],
            "suffix": "",
            "city": "",
            "region": "",
            "status": "revoked",
            "raw_status": "R",
            "issued": DAY,
            "expires": DAY,
            "discipline": "Y",
            "rows": 2,
            "first_file_id": 14,
            "last_file_id": 14,
            "gone_since": None,
            "status_before": "active",
            "changed_on": DAY,
        }
    ],
    "registry_staged": [
        {
            "import_id": 12,
            "npi": "2000000036",
            "standing": "deactivated",
            "updated_on": None,
            "since": DAY,
            "digest": "f" * 64,
            "facts": {"leads": [{"slot": 1, "state": "OR"}], "enumerated_on": None},
            "contact_sealed": SECRET,
        }
    ],
    "registry_reject": [{"import_id": 12, "line": 9_000_000, "npi": None, "flaw": "columns"}],
    "desk_view": [
        {
            "id": 2,
            "account_id": 5,
            "name": "Oregon’s licences",
            "query": "state=open&kind=licence&jurisdiction=US-OR",
            "default_for": 5,
            "made_at": INSTANT,
        }
    ],
    "work_case": [
        {
            "id": 4,
            "kind": "profile_claim",
            "subject": "npi:2000000010",
            "state": "open",
            "opened_at": INSTANT,
            "due": INSTANT,
            "contact_sealed": SECRET,
            "risk": 1,
            "about": 7,
            "jurisdiction": "US-OR",
            "claimed_by": 5,
            "claimed_until": INSTANT,
            "assigned_to": 5,
            "not_by": 6,
            "waiting_since": INSTANT,
        }
    ],
    "decision": [
        {
            "id": 3,
            "case_id": 4,
            "kind": "licence",
            "subject": "credential:3",
            "practitioner_id": 7,
            "outcome": "verified",
            "method": "primary_source",
            "read_on": date(2026, 11, 20),
            "status_read": "active",
            "raw_status": "Current",
            "expires_read": date(2027, 11, 20),
            "name_read": "Juniper O\N{RIGHT SINGLE QUOTATION MARK}Brien",
            "source": "https://register.example/3",
            "snapshot_hash": "5" * 64,
            "reason_code": None,
            "from_state": "pending",
            "to_state": "active",
            "decided_by": 5,
            "decided_at": INSTANT,
            "took_seconds": 81,
            "takes_effect": True,
            "second_of": None,
            "agrees": None,
        },
        {
            "id": 4,
            "case_id": 4,
            "kind": "second_look",
            "subject": "decision:3",
            "practitioner_id": 7,
            "outcome": "no_action",
            "method": None,
            "read_on": None,
            "status_read": None,
            "raw_status": None,
            "expires_read": None,
            "name_read": None,
            "source": None,
            "snapshot_hash": None,
            "reason_code": None,
            "from_state": None,
            "to_state": None,
            "decided_by": 6,
            "decided_at": INSTANT,
            "took_seconds": None,
            "takes_effect": True,
            "second_of": 3,
            "agrees": True,
        },
    ],
    "accuracy_day": [
        {
            "day": date(2026, 11, 20),
            "jurisdiction": "US-OR",
            "listed": 9,
            "checked_recently": 8,
            "median_age": 31.5,
            "attested_recently": 7,
            "say_rls": 5,
            "rls_checked": 4,
            "say_pregnancy": 3,
            "pregnancy_checked": 2,
            "called": 6,
            "reached": 5,
        }
    ],
    "contact_test": [
        {
            "id": 9,
            "month": date(2026, 11, 1),
            "place_id": 41,
            "jurisdiction": "US-OR",
            "drawn_at": INSTANT,
            "outcome": "practice",
            "done_on": date(2026, 11, 20),
            "done_by": 5,
        }
    ],
    "decision_note": [
        {"decision_id": 3, "text_sealed": SECRET, "words_sealed": SECRET, "proposed_sealed": SECRET},
    ],
    "saved_search": [
        {
            "id": 3,
            "token_hash": "c" * 64,
            "token_sealed": SECRET,
            "mailbox_hash": "d" * 64,
            "email_sealed": SECRET,
            "search_sealed": SECRET,
            "facts_sealed": SECRET,
            "facts_consent": "saved-search-facts-1",
            "known_sealed": SECRET,
            "language": "en_GB",
            "saved_at": INSTANT,
            "confirmed_at": INSTANT,
            "asked_again_at": None,
            "looked_at": INSTANT,
        }
    ],
    "complaint": [
        {
            "id": 2,
            "practitioner_id": 7,
            "case_id": 4,
            "field": "harm",
            "text_sealed": SECRET,
            "whom_sealed": SECRET,
            "email_sealed": SECRET,
            "language": "en_GB",
            "reported_at": INSTANT,
            "result": "hidden",
            "decided_at": INSTANT,
        }
    ],
    "appeal": [
        {
            "id": 3,
            "practitioner_id": 7,
            "decision_id": 3,
            "text_sealed": SECRET,
            "made_at": INSTANT,
            "decided_at": INSTANT,
            "granted": False,
        }
    ],
    "api_key": [
        {
            "id": 4,
            "name": "A charity’s page",
            "contact_sealed": SECRET,
            "per_day": 50_000,
            "secret_hash": "9" * 64,
            "ending": "x-_9",
            "made_at": INSTANT,
            "made_by": 5,
            "revoked_at": INSTANT,
            "revoked_by": 5,
        }
    ],
    "api_use": [{"subject": "8" * 64, "ends_at": INSTANT, "used": 3}],
    "entry_ledger": [{"id": 1, "began_at": INSTANT, "looked_at": INSTANT, "token": "", "seq": 4}],
    "entry": [
        {
            "practitioner_id": 7,
            "first_shown_at": INSTANT,
            "changed_at": INSTANT,
            "gone_at": INSTANT,
            "digest": None,
        }
    ],
    "entry_place": [{"place_id": 41, "practitioner_id": 7, "changed_at": INSTANT, "gone_at": INSTANT}],
    "entry_look": [{"practitioner_id": 7, "due_at": INSTANT}],
    "eligibility_state": [
        {"place_id": 41, "practitioner_id": 7, "listed": False, "refusal": "no_indemnity", "since": INSTANT}
    ],
    "desk_question": [
        {
            "id": 2,
            "decision_id": 3,
            "case_id": 4,
            "kind": "licence",
            "subject": "credential:3",
            "practitioner_id": 7,
            "text_sealed": SECRET,
            "asked_at": INSTANT,
            "answer_sealed": SECRET,
            "answered_at": INSTANT,
        }
    ],
    "access_entry": [
        {
            "id": 4,
            "at": INSTANT,
            "actor": 1,
            "what": "evidence.read",
            "subject": "evidence:4",
            "about": 7,
        }
    ],
    "audit_entry": [
        {
            "id": number,
            "seq": number,
            "at": INSTANT,
            "actor": None,
            "action": "credential.accepted",
            "subject": "credential:2",
            "previous": f"{number - 1:064}",
            "hash": f"{number:064}",
        }
        for number in (1, 2)
    ],
    "exclusion_file": [
        {
            "id": 3,
            "sha256": "e" * 64,
            "file_name": "UPDATED.csv",
            "reader": 1,
            "as_of": DAY,
            "taken_at": INSTANT,
            "screened_at": None,
            "entries": 1,
            "counts": {"rows": 1},
        }
    ],
    "exclusion_entry": [
        {
            "key": "k" * 64,
            "npi": None,
            "last_name": "MUÑOZ",
            "first_name": "ANA",
            "middle_name": "",
            "business": "",
            "general": "",
            "specialty": "ACUPUNCTURIST",
            "born": DAY,
            "address": "1 MAIN ST",
            "city": "SALEM",
            "state": "OR",
            "postal_code": "97301",
            "basis": "1128b4",
            "excluded_on": DAY,
            "waived_in": "",
            "first_as_of": DAY,
        }
    ],
    "exclusion_hit": [
        {
            "practitioner_id": 7,
            "entry_key": "k" * 64,
            "by": "name",
            "points": 70,
            "reasons": ["family_name", "first_name"],
            "standing": "excluded",
            "asked": True,
            "found_at": INSTANT,
        }
    ],
    "mail_suppression": [
        {
            "address_hash": "h" * 64,
            "address_sealed": SECRET,
            "first_at": INSTANT,
            "last_at": INSTANT,
            "soft": 0,
            "suppressed_at": INSTANT,
            "why": "refused",
            "status": "5.1.1",
        }
    ],
    "job_run": [{"name": "letters", "due_at": INSTANT, "outcome": "failed", "done": 3, "failures": 1}],
    "outgoing_letter": [
        {
            "id": 8,
            "purpose": "confirm_address",
            "state": "waiting",
            "created_at": INSTANT,
            "mark": "m" * 32,
            "recipient_sealed": SECRET,
            "text_sealed": SECRET,
            "tries": 2,
            "next_try_at": INSTANT,
        }
    ],
    "control_proof": [
        {
            "id": 71,
            "practitioner_id": 7,
            "channel": "letter_code",
            "proves": True,
            "account_id": 5,
            "done_at": INSTANT,
            "told_sealed": SECRET,
        }
    ],
    "control_letter": [
        {
            "practitioner_id": 7,
            "account_id": 5,
            "code_hash": "d" * 64,
            "made_at": INSTANT,
            "made_by": 5,
            "wrong": 1,
            "told_sealed": SECRET,
        }
    ],
    "control_question": [
        {
            "id": 72,
            "practitioner_id": 7,
            "account_id": 5,
            "token_hash": "e" * 64,
            "asked_at": INSTANT,
            "asked_by": 5,
            "told_sealed": SECRET,
        }
    ],
    "evidence": [
        {
            "id": 14,
            "code": "abcdefghijklmnopqrstuv",
            "practitioner_id": 7,
            "subject": "credential:2",
            "way": "file",
            "state": "clean",
            "media_type": "application/pdf",
            "size": 9,
            "pages": 1,
            "sha256": "a" * 64,
            "stored_sha256": "b" * 64,
            "file": "1" * 32,
            "verdict": "not_asked",
            "sent_at": INSTANT,
            "delete_after": INSTANT,
        }
    ],
    "profile_photo": [
        {
            "id": 15,
            "practitioner_id": 7,
            "state": "accepted",
            "sha256": "c" * 64,
            "large_file": "2" * 32,
            "small_file": "3" * 32,
            "verdict": "nothing_found",
            "uploaded_at": INSTANT,
        }
    ],
    "search_change": [{"seq": 90, "practitioner_id": 7, "mark": 41}],
}


@dataclass
class Store:
    url: str
    engine: Engine


@pytest.fixture
def make(databases: Databases) -> Iterator[Callable[..., Store]]:
    stores: list[Store] = []

    def build(kind: str, *, filled: bool = False) -> Store:
        url = databases.copy(kind, _fill if filled else None)
        store = Store(url, db.make_engine(url))
        stores.append(store)
        return store

    yield build
    for store in stores:
        store.engine.dispose()
        databases.drop(store.url)


KEY = Fernet.generate_key().decode()
"""Of all rows here that are sealed, so that they need be written once only."""


@pytest.fixture(autouse=True)
def keys() -> str:
    keyring.install([KEY])
    return KEY


def _fill(engine: Engine) -> None:
    tables = {each.name: each for each in archive.tables()}
    with Session(engine) as session:
        jurisdictions.load(session)
        session.commit()
    with engine.begin() as connection:
        for name in (each.name for each in archive.tables() if each.name in ROWS):
            columns = tables[name].columns
            rows = [{key: _typed(columns[key], value) for key, value in row.items()} for row in ROWS[name]]
            connection.execute(insert(tables[name]), rows)
        # The older row points at the newer one: rows cannot simply be inserted in the order of their numbers.
        connection.execute(text("UPDATE credential SET supersedes_id = 2 WHERE id = 1"))


def _typed(column: Any, value: Any) -> Any:
    enum = getattr(column.type, "enum_class", None)
    return enum(value) if enum is not None and value is not None else value


def _everything(engine: Engine) -> dict[str, list[Any]]:
    """Every row as Python sees it, opened where it is sealed; all but the name of the search history."""
    with engine.connect() as connection:
        return {
            each.name: [tuple(row) for row in connection.execute(select(each).order_by(*each.primary_key.columns))]
            for each in archive.tables()
            if each.name != "search_epoch"
        }


def _back_up(engine: Engine, file: Path) -> archive.Manifest:
    with archive.snapshot(engine) as connection:
        return archive.write(connection, _files(file), file, now=NOW, progress=lambda _: None)


def _files(file: Path) -> FileStore:
    """Where the files of a test lie."""
    return FileStore(file.parent / "evidence")


def _restore(engine: Engine, file: Path) -> list[str]:
    with archive.opened(file) as (source, manifest):
        archive.verify(source, manifest, progress=lambda _: None)
        return archive.restore(engine, source, manifest, progress=lambda _: None)


def _epoch(engine: Engine) -> changes.Position:
    with Session(engine) as session:
        return changes.position(session)


def test_the_rows_of_these_tests_fill_every_table() -> None:
    assert {*ROWS, "jurisdiction", "search_epoch"} == {each.name for each in archive.tables()}


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_every_row_of_every_table_comes_back_equal(
    make: Callable[..., Store], tmp_path: Path, source: str, target: str
) -> None:
    first, second = make(source, filled=True), make(target)
    before = _everything(first.engine)
    assert all(before.values())
    epoch = _epoch(second.engine)
    manifest = _back_up(first.engine, tmp_path / "a.zip")
    assert manifest.rows == sum(len(rows) for rows in before.values()) + 1
    assert _restore(second.engine, tmp_path / "a.zip") == []
    assert _everything(second.engine) == before
    assert _epoch(second.engine).token not in {epoch.token, _epoch(first.engine).token}


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_a_restored_database_gives_numbers_that_are_free(
    make: Callable[..., Store], tmp_path: Path, source: str, target: str
) -> None:
    first, second = make(source, filled=True), make(target)
    _back_up(first.engine, tmp_path / "a.zip")
    _restore(second.engine, tmp_path / "a.zip")
    with Session(second.engine) as session:
        changes.record(session, 7)
        session.commit()
        assert changes.position(session).newest > 90
    with second.engine.begin() as connection:
        row = {**ROWS["profile_attestation"][0]}
        del row["id"]
        table = next(each for each in archive.tables() if each.name == "profile_attestation")
        connection.execute(insert(table), [row])


def test_a_backup_is_whole_or_not_there_and_its_owners_alone(make: Callable[..., Store], tmp_path: Path) -> None:
    store = make(SQLITE, filled=True)
    file = tmp_path / "a.zip"

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with archive.snapshot(store.engine) as connection, pytest.raises(OSError, match="No space"):
        archive.write(connection, _files(file), file, now=NOW, progress=full)
    assert list(tmp_path.iterdir()) == []
    _back_up(store.engine, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["a.zip"]
    with pytest.raises(Conflict, match="exists already"):
        _back_up(store.engine, file)


def test_the_files_that_rows_name_come_back_and_no_others(make: Callable[..., Store], tmp_path: Path) -> None:
    first, second = make(SQLITE, filled=True), make(SQLITE)
    ours, theirs = _files(tmp_path / "a.zip"), FileStore(tmp_path / "theirs")
    for name, content in (("1", b"a licence"), ("2", b"a photo"), ("4", b"named by no row")):
        ours.write_sealed(name * 32, keyring.seal_bytes(content))
    manifest = _back_up(first.engine, tmp_path / "a.zip")
    assert set(manifest.files) == {"1" * 32, "2" * 32}
    assert manifest.missing == ["3" * 32]
    with archive.opened(tmp_path / "a.zip") as (source, told):
        assert not any(b"a licence" in source.read(f"files/{name}") for name in manifest.files)
        archive.verify_files(source, told)
        assert archive.restore_files(source, told, theirs) == 0
        assert _restore(second.engine, tmp_path / "a.zip") == []
        keyring.install([Fernet.generate_key().decode()])
        assert archive.restore_files(source, told, theirs) == 2
    assert {name: theirs.read_sealed(name) for name in theirs.names()} == {
        name: ours.read_sealed(name) for name in ("1" * 32, "2" * 32)
    }
    changed = _tampered(
        tmp_path / "a.zip", tmp_path / "b.zip", lambda name, data: b"x" if name.startswith("files/1") else data
    )
    with archive.opened(changed) as (source, told), pytest.raises(InvalidInput, match="not as written"):
        archive.verify_files(source, told)


def test_a_backup_tells_nothing_that_is_sealed(make: Callable[..., Store], tmp_path: Path) -> None:
    store = make(SQLITE, filled=True)
    _back_up(store.engine, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as source:
        assert not any(SECRET.encode() in source.read(name) for name in source.namelist())
        assert json.loads(source.read("manifest.json"))["created"] == NOW.isoformat()


@pytest.mark.parametrize("kind", [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgres)])
def test_a_backup_shows_one_moment_though_others_write(make: Callable[..., Store], tmp_path: Path, kind: str) -> None:
    store = make(kind, filled=True)
    written = False

    def meddle(_: int) -> None:
        nonlocal written
        if not written:
            written = True
            with store.engine.begin() as connection:
                connection.execute(text("DELETE FROM place_payer"))
                connection.execute(text("DELETE FROM profile_attestation"))

    with archive.snapshot(store.engine) as connection:
        archive.count(connection)
        manifest = archive.write(connection, _files(tmp_path), tmp_path / "a.zip", now=NOW, progress=meddle)
    assert written
    assert manifest.tables["place_payer"].rows == manifest.tables["profile_attestation"].rows == 1


def _tampered(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy whose members went through ``change``; ``None`` leaves one out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if (data := change(name, old.read(name))) is not None:
                new.writestr(name, data)
    return target


def _edit_manifest(**values: Any) -> Callable[[str, bytes], bytes]:
    def change(name: str, data: bytes) -> bytes:
        return json.dumps(json.loads(data) | values).encode() if name == "manifest.json" else data

    return change


def _without(missing: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, data: None if name == missing else data


def _renamed(name: str, data: bytes) -> bytes:
    return data.replace(b"Bristol", b"Bristow") if name == "tables/practice_place.jsonl" else data


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (_renamed, "practice_place is not as written"),
        (_without("tables/payer.jsonl"), "damaged"),
        (_without("manifest.json"), "damaged"),
        (_edit_manifest(revision="0000"), "made at revision 0000"),
        (_edit_manifest(format=99), "format 2, not 99"),
        (_edit_manifest(tables={}), "not those of its revision"),
        (lambda name, data: b"[" if name == "manifest.json" else data, "damaged"),
    ],
    ids=["a changed row", "no table", "no manifest", "wrong revision", "wrong format", "no tables", "torn manifest"],
)
def test_an_archive_that_is_off_is_refused_before_anything_is_touched(
    make: Callable[..., Store], tmp_path: Path, change: Callable[[str, bytes], bytes | None], complaint: str
) -> None:
    store = make(SQLITE, filled=True)
    _back_up(store.engine, tmp_path / "a.zip")
    before = _everything(store.engine)
    with pytest.raises(DomainError, match=complaint):
        _restore(store.engine, _tampered(tmp_path / "a.zip", tmp_path / "b.zip", change))
    assert _everything(store.engine) == before


def test_a_torn_file_is_refused(make: Callable[..., Store], tmp_path: Path) -> None:
    store = make(SQLITE, filled=True)
    _back_up(store.engine, tmp_path / "a.zip")
    whole = (tmp_path / "a.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        largest = max(archive.infolist(), key=lambda member: member.compress_size)
    # Behind the 30 bytes of a member's own header and its name lies what the check sum covers.
    at = largest.header_offset + 30 + len(largest.filename) + largest.compress_size // 2
    for name, data in {
        "empty": b"",
        "half": whole[: len(whole) // 2],
        "flipped": whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :],
        "other": b"something else",
    }.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InvalidInput, match="damaged"):
            _restore(store.engine, tmp_path / name)


@pytest.mark.parametrize("kind", [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgres)])
def test_a_restore_that_fails_leaves_the_old_rows(make: Callable[..., Store], tmp_path: Path, kind: str) -> None:
    store = make(kind, filled=True)
    _back_up(store.engine, tmp_path / "a.zip")
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE practitioner SET display_name = 'Newer'"))
    before, epoch = _everything(store.engine), _epoch(store.engine)
    done = 0

    def stop(number: int) -> None:
        nonlocal done
        done += number
        if done > 75:
            raise InterruptedError

    with archive.opened(tmp_path / "a.zip") as (source, manifest), pytest.raises(InterruptedError):
        archive.restore(store.engine, source, manifest, progress=stop)
    assert _everything(store.engine) == before
    assert _epoch(store.engine) == epoch


def test_a_restore_says_which_columns_the_keys_do_not_open(make: Callable[..., Store], tmp_path: Path) -> None:
    store = make(SQLITE, filled=True)
    _back_up(store.engine, tmp_path / "a.zip")
    keyring.install([Fernet.generate_key().decode()])
    assert sorted(_restore(store.engine, tmp_path / "a.zip")) == [
        "account.tf_totp_secret",
        "api_key.contact_sealed",
        "appeal.text_sealed",
        "complaint.email_sealed",
        "complaint.text_sealed",
        "complaint.whom_sealed",
        "consultation.how_sealed",
        "consultation_message.text_sealed",
        "consultation_request.email_sealed",
        "consultation_request.facts_sealed",
        "consultation_request.guardian_sealed",
        "consultation_request.name_sealed",
        "consultation_request.point_sealed",
        "consultation_request.shared_sealed",
        "consultation_request.telephone_sealed",
        "consultation_request.words_sealed",
        "control_letter.told_sealed",
        "control_proof.told_sealed",
        "control_question.told_sealed",
        "decision_note.proposed_sealed",
        "decision_note.text_sealed",
        "decision_note.words_sealed",
        "desk_question.answer_sealed",
        "desk_question.text_sealed",
        "jurisdiction_switch.reason_sealed",
        "kept_input.fields_sealed",
        "legal_hold.reason_sealed",
        "mail_suppression.address_sealed",
        "outgoing_letter.recipient_sealed",
        "outgoing_letter.text_sealed",
        "practice_place.address_sealed",
        "practitioner_merge_note.before_sealed",
        "proposed_edit.after_sealed",
        "proposed_edit.before_sealed",
        "registration.signed_as_sealed",
        "registry_entry.contact_sealed",
        "registry_staged.contact_sealed",
        "saved_search.email_sealed",
        "saved_search.facts_sealed",
        "saved_search.known_sealed",
        "saved_search.search_sealed",
        "saved_search.token_sealed",
        "service_story.reply_sealed",
        "service_story.words_sealed",
        "shared_summary.content_sealed",
        "work_case.contact_sealed",
    ]


@pytest.mark.parametrize("kind", [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgres)])
def test_the_drill_an_operator_does_by_hand(
    make: Callable[..., Store],
    databases: Databases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keys: str,
    kind: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    full = make(kind, filled=True)
    environment = {"DATABASE_URL": full.url, "ENCRYPTION_KEYS": keys, "SECRET_KEY": "s" * 40}
    ask = CliRunner(env=environment).invoke
    done = ask(main, ["backup", "drill.zip"])
    assert done.exit_code == 0, done.output
    assert "drill.zip" in done.output
    refused = ask(main, ["restore", "drill.zip"])
    assert refused.exit_code == 1
    assert "not empty" in refused.output
    assert "Traceback" not in refused.output
    assert ask(main, ["restore", "drill.zip", "--yes"]).exit_code == 0
    new = databases.create(kind)
    into_nothing = CliRunner(env={**environment, "DATABASE_URL": new}).invoke(main, ["restore", "drill.zip"])
    assert into_nothing.exit_code == 0, into_nothing.output
    engine = db.make_engine(new)
    assert _everything(engine) == _everything(full.engine)
    engine.dispose()
    databases.drop(new)


def test_a_backup_without_a_name_lies_in_the_var_folder(
    make: Callable[..., Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = make(SQLITE, filled=True)
    done = CliRunner(env={"DATABASE_URL": store.url}).invoke(main, ["backup"])
    assert done.exit_code == 0, done.output
    assert len(list((tmp_path / "var").glob("stillpoint-*.backup.zip"))) == 1
