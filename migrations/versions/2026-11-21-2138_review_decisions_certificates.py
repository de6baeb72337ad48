"""stages, reviews, decisions, certificates, notices

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What the database itself refuses, whoever asks: app/kit/history.py.
RULES = {
    "sqlite": [
        'CREATE TRIGGER audit_step_no_update BEFORE UPDATE OF "audit_id", "n", "action", "before", '
        '"after", "by", "at", "reason", "head" ON audit_step BEGIN SELECT RAISE(ABORT, \'audit_step is '
        "never altered'); END",
        "CREATE TRIGGER audit_step_no_delete BEFORE DELETE ON audit_step BEGIN SELECT RAISE(ABORT, "
        "'audit_step is never altered'); END",
        'CREATE TRIGGER criterion_return_no_update BEFORE UPDATE OF "audit_id", "n", "criterion", '
        "\"reason\" ON criterion_return BEGIN SELECT RAISE(ABORT, 'criterion_return is never altered'); "
        "END",
        "CREATE TRIGGER criterion_return_no_delete BEFORE DELETE ON criterion_return BEGIN SELECT "
        "RAISE(ABORT, 'criterion_return is never altered'); END",
        "CREATE TRIGGER audit_step_follows BEFORE INSERT ON audit_step WHEN NEW.before <> "
        "COALESCE((SELECT s.after FROM audit_step s WHERE s.audit_id = NEW.audit_id AND s.n = NEW.n - "
        "1), 'open') OR (NEW.n > 1 AND NOT EXISTS (SELECT 1 FROM audit_step s WHERE s.audit_id = "
        "NEW.audit_id AND s.n = NEW.n - 1)) BEGIN SELECT RAISE(ABORT, 'a step begins where the one "
        "before it led'); END",
        'CREATE TRIGGER approval_no_update BEFORE UPDATE OF "id", "proposal_id", "by", "at", "outcome", '
        '"level", "reason", "resolution_no", "resolution_on" ON approval BEGIN SELECT RAISE(ABORT, '
        "'approval is never altered'); END",
        "CREATE TRIGGER approval_no_delete BEFORE DELETE ON approval BEGIN SELECT RAISE(ABORT, 'approval "
        "is never altered'); END",
        'CREATE TRIGGER decision_no_update BEFORE UPDATE OF "id", "audit_id", "proposal_id", "outcome", '
        '"level", "reason", "first", "second", "resolution_no", "resolution_on", "at", "supersedes" ON '
        "decision BEGIN SELECT RAISE(ABORT, 'decision is never altered'); END",
        "CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'decision "
        "is never altered'); END",
        'CREATE TRIGGER appeal_no_update BEFORE UPDATE OF "id", "decision_id", "by", "at", "reasons" ON '
        "appeal BEGIN SELECT RAISE(ABORT, 'appeal is never altered'); END",
        "CREATE TRIGGER appeal_no_delete BEFORE DELETE ON appeal BEGIN SELECT RAISE(ABORT, 'appeal is "
        "never altered'); END",
        'CREATE TRIGGER appeal_evidence_no_update BEFORE UPDATE OF "appeal_id", "sha256", "name" ON '
        "appeal_evidence BEGIN SELECT RAISE(ABORT, 'appeal_evidence is never altered'); END",
        "CREATE TRIGGER appeal_evidence_no_delete BEFORE DELETE ON appeal_evidence BEGIN SELECT "
        "RAISE(ABORT, 'appeal_evidence is never altered'); END",
        'CREATE TRIGGER issuing_key_no_update BEFORE UPDATE OF "kid", "public", "made_at" ON issuing_key '
        "BEGIN SELECT RAISE(ABORT, 'issuing_key is never altered'); END",
        "CREATE TRIGGER issuing_key_no_delete BEFORE DELETE ON issuing_key BEGIN SELECT RAISE(ABORT, "
        "'issuing_key is never altered'); END",
        'CREATE TRIGGER certificate_no_update BEFORE UPDATE OF "number", "fiscal_year", "serial", '
        '"status_index", "decision_id", "office_id", "level", "level_th", "level_en", "office_th", '
        '"office_en", "edition", "edition_sha256", "issuer_th", "issuer_en", "issued_at", "valid_from", '
        '"valid_until", "cose", "kid", "replaces" ON certificate BEGIN SELECT RAISE(ABORT, \'certificate '
        "is never altered'); END",
        "CREATE TRIGGER certificate_no_delete BEFORE DELETE ON certificate BEGIN SELECT RAISE(ABORT, "
        "'certificate is never altered'); END",
        'CREATE TRIGGER certificate_step_no_update BEFORE UPDATE OF "number", "n", "action", "before", '
        '"after", "by", "at", "reason" ON certificate_step BEGIN SELECT RAISE(ABORT, \'certificate_step '
        "is never altered'); END",
        "CREATE TRIGGER certificate_step_no_delete BEFORE DELETE ON certificate_step BEGIN SELECT "
        "RAISE(ABORT, 'certificate_step is never altered'); END",
        "CREATE TRIGGER approval_not_own_work BEFORE INSERT ON approval WHEN EXISTS (SELECT 1 FROM "
        "proposal p JOIN assignment a ON a.visit_id = p.audit_id WHERE p.id = NEW.proposal_id AND "
        'a.person_id = NEW."by") OR EXISTS (SELECT 1 FROM proposal p JOIN change c ON c.audit_id = '
        'p.audit_id WHERE p.id = NEW.proposal_id AND c.author = NEW."by") BEGIN SELECT RAISE(ABORT, '
        "'nobody approves what they assessed'); END",
        "CREATE TRIGGER approval_not_reviewed BEFORE INSERT ON approval WHEN EXISTS (SELECT 1 FROM "
        "proposal p JOIN review r ON r.audit_id = p.audit_id WHERE p.id = NEW.proposal_id AND r.reviewer "
        '= NEW."by") BEGIN SELECT RAISE(ABORT, \'nobody approves what they reviewed\'); END',
        "CREATE TRIGGER approval_not_own_office BEFORE INSERT ON approval WHEN EXISTS (SELECT 1 FROM "
        "proposal p JOIN audit u ON u.id = p.audit_id JOIN membership m ON m.office_id = u.office_id "
        'WHERE p.id = NEW.proposal_id AND m.person_id = NEW."by") BEGIN SELECT RAISE(ABORT, \'nobody '
        "approves for their own office'); END",
        "CREATE TRIGGER decision_approved BEFORE INSERT ON decision WHEN NOT EXISTS (SELECT 1 FROM "
        "approval a WHERE a.proposal_id = NEW.proposal_id AND a.withdrawn_at IS NULL AND a.by = "
        "NEW.first AND a.outcome = NEW.outcome AND COALESCE(a.level, '') = COALESCE(NEW.level, '')) OR "
        "(NEW.second IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.proposal_id = "
        "NEW.proposal_id AND a.withdrawn_at IS NULL AND a.by = NEW.second AND a.outcome = NEW.outcome "
        "AND COALESCE(a.level, '') = COALESCE(NEW.level, ''))) BEGIN SELECT RAISE(ABORT, 'a decision is "
        "what its approvers approved'); END",
        "CREATE TRIGGER certificate_decided BEFORE INSERT ON certificate WHEN NOT EXISTS (SELECT 1 FROM "
        "decision d WHERE d.id = NEW.decision_id AND d.level = NEW.level AND d.outcome <> 'none') BEGIN "
        "SELECT RAISE(ABORT, 'a certificate says what was decided'); END",
        "CREATE TRIGGER certificate_step_follows BEFORE INSERT ON certificate_step WHEN NEW.before <> "
        "COALESCE((SELECT s.after FROM certificate_step s WHERE s.number = NEW.number AND s.n = NEW.n - "
        "1), 'valid') OR (NEW.n > 1 AND NOT EXISTS (SELECT 1 FROM certificate_step s WHERE s.number = "
        "NEW.number AND s.n = NEW.n - 1)) BEGIN SELECT RAISE(ABORT, 'a step begins where the one before "
        "it led'); END",
        "CREATE TRIGGER certificate_step_second_person BEFORE INSERT ON certificate_step WHEN NEW.action "
        "IN ('withdraw', 'reinstate') AND EXISTS (SELECT 1 FROM certificate_step s WHERE s.number = "
        'NEW.number AND s.n = NEW.n - 1 AND s.by = NEW."by") BEGIN SELECT RAISE(ABORT, \'another person '
        "confirms'); END",
        'CREATE TRIGGER review_no_update BEFORE UPDATE OF "id", "audit_id", "reviewer", "kind", '
        "\"taken_at\" ON review BEGIN SELECT RAISE(ABORT, 'review is never altered'); END",
        "CREATE TRIGGER review_no_delete BEFORE DELETE ON review BEGIN SELECT RAISE(ABORT, 'review is "
        "never altered'); END",
        'CREATE TRIGGER proposal_no_update BEFORE UPDATE OF "id", "audit_id", "review_id", "n", "by", '
        '"at", "level", "frozen", "sha256", "head", "remark" ON proposal BEGIN SELECT RAISE(ABORT, '
        "'proposal is never altered'); END",
        "CREATE TRIGGER proposal_no_delete BEFORE DELETE ON proposal BEGIN SELECT RAISE(ABORT, 'proposal "
        "is never altered'); END",
        "CREATE TRIGGER review_not_own_work BEFORE INSERT ON review WHEN EXISTS (SELECT 1 FROM "
        "assignment a WHERE a.visit_id = NEW.audit_id AND a.person_id = NEW.reviewer) OR EXISTS (SELECT "
        "1 FROM change c WHERE c.audit_id = NEW.audit_id AND c.author = NEW.reviewer) BEGIN SELECT "
        "RAISE(ABORT, 'nobody reviews what they assessed'); END",
        "CREATE TRIGGER review_not_own_office BEFORE INSERT ON review WHEN EXISTS (SELECT 1 FROM "
        "membership m JOIN audit u ON u.office_id = m.office_id WHERE u.id = NEW.audit_id AND "
        "m.person_id = NEW.reviewer) BEGIN SELECT RAISE(ABORT, 'nobody reviews their own office'); END",
        "CREATE TRIGGER review_appeal_to_another BEFORE INSERT ON review WHEN NEW.kind = 'appeal' AND "
        "EXISTS (SELECT 1 FROM review r WHERE r.audit_id = NEW.audit_id AND r.reviewer = NEW.reviewer) "
        "BEGIN SELECT RAISE(ABORT, 'an appeal is heard by another reviewer'); END",
        "CREATE TRIGGER proposal_by_reviewer BEFORE INSERT ON proposal WHEN NOT EXISTS (SELECT 1 FROM "
        'review r WHERE r.id = NEW.review_id AND r.audit_id = NEW.audit_id AND r.reviewer = NEW."by" AND '
        "r.ended_at IS NULL) BEGIN SELECT RAISE(ABORT, 'the reviewer who holds the audit proposes'); END",
        "CREATE TRIGGER assignment_not_reviewed BEFORE INSERT ON assignment WHEN EXISTS (SELECT 1 FROM "
        "review r WHERE r.audit_id = NEW.visit_id AND r.reviewer = NEW.person_id) BEGIN SELECT "
        "RAISE(ABORT, 'nobody assesses what they reviewed'); END",
        "CREATE TRIGGER approval_as_calculated BEFORE INSERT ON approval WHEN NEW.outcome = 'calculated' "
        "AND COALESCE(NEW.level, '') <> COALESCE((SELECT p.level FROM proposal p WHERE p.id = "
        "NEW.proposal_id), '') BEGIN SELECT RAISE(ABORT, 'what was calculated is approved as it is'); END",
        "CREATE TRIGGER approval_never_higher BEFORE INSERT ON approval WHEN NEW.outcome = 'lower' AND "
        'NOT EXISTS (SELECT 1 FROM proposal p JOIN audit u ON u.id = p.audit_id JOIN edition e ON '
        "e.sha256 = u.edition_sha256 JOIN json_each(e.body, '$.levels') o JOIN json_each(e.body, "
        "'$.levels') n WHERE p.id = NEW.proposal_id AND json_extract(o.value, '$.code') = p.level AND "
        "json_extract(n.value, '$.code') = NEW.level AND json_extract(n.value, '$.min') < "
        "json_extract(o.value, '$.min')) BEGIN SELECT RAISE(ABORT, 'another level than calculated is a "
        "lower one'); END",
        'CREATE TRIGGER decision_of_newest BEFORE INSERT ON decision WHEN NOT EXISTS (SELECT 1 FROM '
        'proposal p WHERE p.id = NEW.proposal_id AND p.audit_id = NEW.audit_id) OR EXISTS (SELECT 1 FROM '
        'proposal p JOIN proposal q ON q.audit_id = p.audit_id AND q.n > p.n WHERE p.id = '
        "NEW.proposal_id) BEGIN SELECT RAISE(ABORT, 'the newest proposal of an audit is decided'); END",
        "CREATE TRIGGER decision_follows BEFORE INSERT ON decision WHEN COALESCE(NEW.supersedes, '') <> "
        'COALESCE((SELECT d.id FROM decision d WHERE d.audit_id = NEW.audit_id AND NOT EXISTS (SELECT 1 '
        "FROM decision e WHERE e.supersedes = d.id)), '') BEGIN SELECT RAISE(ABORT, 'a decision names the"
        " one before it'); END",
        'CREATE TRIGGER decision_impartial BEFORE INSERT ON decision WHEN EXISTS (SELECT 1 FROM '
        'assignment a WHERE a.visit_id = NEW.audit_id AND a.person_id IN (NEW.first, NEW.second)) OR '
        'EXISTS (SELECT 1 FROM change c WHERE c.audit_id = NEW.audit_id AND c.author IN (NEW.first, '
        'NEW.second)) OR EXISTS (SELECT 1 FROM review r WHERE r.audit_id = NEW.audit_id AND r.reviewer IN'
        ' (NEW.first, NEW.second)) OR EXISTS (SELECT 1 FROM membership m JOIN audit u ON u.office_id = '
        'm.office_id WHERE u.id = NEW.audit_id AND m.person_id IN (NEW.first, NEW.second)) BEGIN SELECT '
        "RAISE(ABORT, 'nobody decides what they assessed, reviewed, or for their own office'); END",
        'CREATE TRIGGER appeal_once BEFORE INSERT ON appeal WHEN EXISTS (SELECT 1 FROM decision d JOIN '
        'decision e ON e.audit_id = d.audit_id JOIN appeal a ON a.decision_id = e.id WHERE d.id = '
        "NEW.decision_id) BEGIN SELECT RAISE(ABORT, 'an office appeals once'); END",
        'CREATE TRIGGER appeal_own_office BEFORE INSERT ON appeal WHEN NOT EXISTS (SELECT 1 FROM decision'
        ' d JOIN audit u ON u.id = d.audit_id JOIN membership m ON m.office_id = u.office_id WHERE d.id ='
        ' NEW.decision_id AND m.person_id = NEW."by") BEGIN SELECT RAISE(ABORT, \'an office appeals for '
        "itself'); END",
        "CREATE TRIGGER review_appeal_not_approved BEFORE INSERT ON review WHEN NEW.kind = 'appeal' AND "
        'EXISTS (SELECT 1 FROM proposal p JOIN approval a ON a.proposal_id = p.id WHERE p.audit_id = '
        "NEW.audit_id AND a.by = NEW.reviewer) BEGIN SELECT RAISE(ABORT, 'nobody hears an appeal against "
        "what they approved'); END",
        'CREATE TRIGGER assignment_not_approved BEFORE INSERT ON assignment WHEN EXISTS (SELECT 1 FROM '
        'proposal p JOIN approval a ON a.proposal_id = p.id WHERE p.audit_id = NEW.visit_id AND a.by = '
        "NEW.person_id) BEGIN SELECT RAISE(ABORT, 'nobody assesses what they approved'); END",
        'CREATE TRIGGER certificate_entry_no_update BEFORE UPDATE OF "number", "n", "index" ON '
        "certificate_entry BEGIN SELECT RAISE(ABORT, 'certificate_entry is never altered'); END",
        'CREATE TRIGGER certificate_entry_no_delete BEFORE DELETE ON certificate_entry BEGIN SELECT '
        "RAISE(ABORT, 'certificate_entry is never altered'); END",
        'CREATE TRIGGER certificate_step_not_own_office BEFORE INSERT ON certificate_step WHEN EXISTS'
        ' (SELECT 1 FROM certificate c JOIN membership m ON m.office_id = c.office_id WHERE c.number '
        '= NEW.number AND m.person_id = NEW."by") BEGIN SELECT RAISE(ABORT, \'nobody moves the '
        "certificate of their own office'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION audit_step_is_history() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'audit_step is never altered' USING ERRCODE = '23001'; RETURN NEW; "
        "END $$",
        'CREATE TRIGGER audit_step_no_update BEFORE UPDATE OF "audit_id", "n", "action", "before", '
        '"after", "by", "at", "reason", "head" ON audit_step FOR EACH ROW EXECUTE FUNCTION '
        "audit_step_is_history()",
        "CREATE TRIGGER audit_step_no_delete BEFORE DELETE ON audit_step FOR EACH ROW EXECUTE "
        "FUNCTION audit_step_is_history()",
        "CREATE TRIGGER audit_step_no_truncation BEFORE TRUNCATE ON audit_step FOR EACH STATEMENT "
        "EXECUTE FUNCTION audit_step_is_history()",
        "CREATE OR REPLACE FUNCTION criterion_return_is_history() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RAISE EXCEPTION 'criterion_return is never altered' USING ERRCODE = '23001'; "
        "RETURN NEW; END $$",
        'CREATE TRIGGER criterion_return_no_update BEFORE UPDATE OF "audit_id", "n", "criterion", '
        '"reason" ON criterion_return FOR EACH ROW EXECUTE FUNCTION criterion_return_is_history()',
        "CREATE TRIGGER criterion_return_no_delete BEFORE DELETE ON criterion_return FOR EACH ROW "
        "EXECUTE FUNCTION criterion_return_is_history()",
        "CREATE TRIGGER criterion_return_no_truncation BEFORE TRUNCATE ON criterion_return FOR EACH "
        "STATEMENT EXECUTE FUNCTION criterion_return_is_history()",
        "CREATE OR REPLACE FUNCTION audit_step_follows() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF NEW.before <> COALESCE((SELECT s.after FROM audit_step s WHERE s.audit_id = "
        "NEW.audit_id AND s.n = NEW.n - 1), 'open') OR (NEW.n > 1 AND NOT EXISTS (SELECT 1 FROM "
        "audit_step s WHERE s.audit_id = NEW.audit_id AND s.n = NEW.n - 1)) THEN RAISE EXCEPTION 'a "
        "step begins where the one before it led' USING ERRCODE = '23514'; END IF; RETURN NEW; END "
        "$$",
        "CREATE TRIGGER audit_step_follows BEFORE INSERT ON audit_step FOR EACH ROW EXECUTE FUNCTION "
        "audit_step_follows()",
        "CREATE OR REPLACE FUNCTION approval_is_history() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'approval is never altered' USING ERRCODE = '23001'; RETURN NEW; END "
        "$$",
        'CREATE TRIGGER approval_no_update BEFORE UPDATE OF "id", "proposal_id", "by", "at", '
        '"outcome", "level", "reason", "resolution_no", "resolution_on" ON approval FOR EACH ROW '
        "EXECUTE FUNCTION approval_is_history()",
        "CREATE TRIGGER approval_no_delete BEFORE DELETE ON approval FOR EACH ROW EXECUTE FUNCTION "
        "approval_is_history()",
        "CREATE TRIGGER approval_no_truncation BEFORE TRUNCATE ON approval FOR EACH STATEMENT "
        "EXECUTE FUNCTION approval_is_history()",
        "CREATE OR REPLACE FUNCTION decision_is_history() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'decision is never altered' USING ERRCODE = '23001'; RETURN NEW; END "
        "$$",
        'CREATE TRIGGER decision_no_update BEFORE UPDATE OF "id", "audit_id", "proposal_id", '
        '"outcome", "level", "reason", "first", "second", "resolution_no", "resolution_on", "at", '
        '"supersedes" ON decision FOR EACH ROW EXECUTE FUNCTION decision_is_history()',
        "CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision FOR EACH ROW EXECUTE FUNCTION "
        "decision_is_history()",
        "CREATE TRIGGER decision_no_truncation BEFORE TRUNCATE ON decision FOR EACH STATEMENT "
        "EXECUTE FUNCTION decision_is_history()",
        "CREATE OR REPLACE FUNCTION appeal_is_history() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'appeal is never altered' USING ERRCODE = '23001'; RETURN NEW; END $$",
        'CREATE TRIGGER appeal_no_update BEFORE UPDATE OF "id", "decision_id", "by", "at", "reasons" '
        "ON appeal FOR EACH ROW EXECUTE FUNCTION appeal_is_history()",
        "CREATE TRIGGER appeal_no_delete BEFORE DELETE ON appeal FOR EACH ROW EXECUTE FUNCTION "
        "appeal_is_history()",
        "CREATE TRIGGER appeal_no_truncation BEFORE TRUNCATE ON appeal FOR EACH STATEMENT EXECUTE "
        "FUNCTION appeal_is_history()",
        "CREATE OR REPLACE FUNCTION appeal_evidence_is_history() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'appeal_evidence is never altered' USING ERRCODE = '23001'; RETURN "
        "NEW; END $$",
        'CREATE TRIGGER appeal_evidence_no_update BEFORE UPDATE OF "appeal_id", "sha256", "name" ON '
        "appeal_evidence FOR EACH ROW EXECUTE FUNCTION appeal_evidence_is_history()",
        "CREATE TRIGGER appeal_evidence_no_delete BEFORE DELETE ON appeal_evidence FOR EACH ROW "
        "EXECUTE FUNCTION appeal_evidence_is_history()",
        "CREATE TRIGGER appeal_evidence_no_truncation BEFORE TRUNCATE ON appeal_evidence FOR EACH "
        "STATEMENT EXECUTE FUNCTION appeal_evidence_is_history()",
        "CREATE OR REPLACE FUNCTION issuing_key_is_history() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'issuing_key is never altered' USING ERRCODE = '23001'; RETURN NEW; "
        "END $$",
        'CREATE TRIGGER issuing_key_no_update BEFORE UPDATE OF "kid", "public", "made_at" ON '
        "issuing_key FOR EACH ROW EXECUTE FUNCTION issuing_key_is_history()",
        "CREATE TRIGGER issuing_key_no_delete BEFORE DELETE ON issuing_key FOR EACH ROW EXECUTE "
        "FUNCTION issuing_key_is_history()",
        "CREATE TRIGGER issuing_key_no_truncation BEFORE TRUNCATE ON issuing_key FOR EACH STATEMENT "
        "EXECUTE FUNCTION issuing_key_is_history()",
        "CREATE OR REPLACE FUNCTION certificate_is_history() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'certificate is never altered' USING ERRCODE = '23001'; RETURN NEW; "
        "END $$",
        'CREATE TRIGGER certificate_no_update BEFORE UPDATE OF "number", "fiscal_year", "serial", '
        '"status_index", "decision_id", "office_id", "level", "level_th", "level_en", "office_th", '
        '"office_en", "edition", "edition_sha256", "issuer_th", "issuer_en", "issued_at", '
        '"valid_from", "valid_until", "cose", "kid", "replaces" ON certificate FOR EACH ROW EXECUTE '
        "FUNCTION certificate_is_history()",
        "CREATE TRIGGER certificate_no_delete BEFORE DELETE ON certificate FOR EACH ROW EXECUTE "
        "FUNCTION certificate_is_history()",
        "CREATE TRIGGER certificate_no_truncation BEFORE TRUNCATE ON certificate FOR EACH STATEMENT "
        "EXECUTE FUNCTION certificate_is_history()",
        "CREATE OR REPLACE FUNCTION certificate_step_is_history() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RAISE EXCEPTION 'certificate_step is never altered' USING ERRCODE = '23001'; "
        "RETURN NEW; END $$",
        'CREATE TRIGGER certificate_step_no_update BEFORE UPDATE OF "number", "n", "action", '
        '"before", "after", "by", "at", "reason" ON certificate_step FOR EACH ROW EXECUTE FUNCTION '
        "certificate_step_is_history()",
        "CREATE TRIGGER certificate_step_no_delete BEFORE DELETE ON certificate_step FOR EACH ROW "
        "EXECUTE FUNCTION certificate_step_is_history()",
        "CREATE TRIGGER certificate_step_no_truncation BEFORE TRUNCATE ON certificate_step FOR EACH "
        "STATEMENT EXECUTE FUNCTION certificate_step_is_history()",
        "CREATE OR REPLACE FUNCTION approval_not_own_work() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF EXISTS (SELECT 1 FROM proposal p JOIN assignment a ON a.visit_id = p.audit_id "
        'WHERE p.id = NEW.proposal_id AND a.person_id = NEW."by") OR EXISTS (SELECT 1 FROM proposal p '
        "JOIN change c ON c.audit_id = p.audit_id WHERE p.id = NEW.proposal_id AND c.author = "
        'NEW."by") THEN RAISE EXCEPTION \'nobody approves what they assessed\' USING ERRCODE = \'23514\'; '
        "END IF; RETURN NEW; END $$",
        "CREATE TRIGGER approval_not_own_work BEFORE INSERT ON approval FOR EACH ROW EXECUTE "
        "FUNCTION approval_not_own_work()",
        "CREATE OR REPLACE FUNCTION approval_not_reviewed() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF EXISTS (SELECT 1 FROM proposal p JOIN review r ON r.audit_id = p.audit_id WHERE "
        'p.id = NEW.proposal_id AND r.reviewer = NEW."by") THEN RAISE EXCEPTION \'nobody approves what '
        "they reviewed' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER approval_not_reviewed BEFORE INSERT ON approval FOR EACH ROW EXECUTE "
        "FUNCTION approval_not_reviewed()",
        "CREATE OR REPLACE FUNCTION approval_not_own_office() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF EXISTS (SELECT 1 FROM proposal p JOIN audit u ON u.id = p.audit_id JOIN membership "
        'm ON m.office_id = u.office_id WHERE p.id = NEW.proposal_id AND m.person_id = NEW."by") THEN '
        "RAISE EXCEPTION 'nobody approves for their own office' USING ERRCODE = '23514'; END IF; "
        "RETURN NEW; END $$",
        "CREATE TRIGGER approval_not_own_office BEFORE INSERT ON approval FOR EACH ROW EXECUTE "
        "FUNCTION approval_not_own_office()",
        "CREATE OR REPLACE FUNCTION decision_approved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NOT EXISTS (SELECT 1 FROM approval a WHERE a.proposal_id = NEW.proposal_id AND "
        "a.withdrawn_at IS NULL AND a.by = NEW.first AND a.outcome = NEW.outcome AND "
        "COALESCE(a.level, '') = COALESCE(NEW.level, '')) OR (NEW.second IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM approval a WHERE a.proposal_id = NEW.proposal_id AND a.withdrawn_at IS NULL "
        "AND a.by = NEW.second AND a.outcome = NEW.outcome AND COALESCE(a.level, '') = "
        "COALESCE(NEW.level, ''))) THEN RAISE EXCEPTION 'a decision is what its approvers approved' "
        "USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER decision_approved BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION "
        "decision_approved()",
        "CREATE OR REPLACE FUNCTION certificate_decided() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.level = "
        "NEW.level AND d.outcome <> 'none') THEN RAISE EXCEPTION 'a certificate says what was "
        "decided' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER certificate_decided BEFORE INSERT ON certificate FOR EACH ROW EXECUTE "
        "FUNCTION certificate_decided()",
        "CREATE OR REPLACE FUNCTION certificate_step_follows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.before <> COALESCE((SELECT s.after FROM certificate_step s WHERE s.number = "
        "NEW.number AND s.n = NEW.n - 1), 'valid') OR (NEW.n > 1 AND NOT EXISTS (SELECT 1 FROM "
        "certificate_step s WHERE s.number = NEW.number AND s.n = NEW.n - 1)) THEN RAISE EXCEPTION "
        "'a step begins where the one before it led' USING ERRCODE = '23514'; END IF; RETURN NEW; "
        "END $$",
        "CREATE TRIGGER certificate_step_follows BEFORE INSERT ON certificate_step FOR EACH ROW "
        "EXECUTE FUNCTION certificate_step_follows()",
        "CREATE OR REPLACE FUNCTION certificate_step_second_person() RETURNS trigger LANGUAGE "
        "plpgsql AS $$ BEGIN IF NEW.action IN ('withdraw', 'reinstate') AND EXISTS (SELECT 1 FROM "
        'certificate_step s WHERE s.number = NEW.number AND s.n = NEW.n - 1 AND s.by = NEW."by") THEN '
        "RAISE EXCEPTION 'another person confirms' USING ERRCODE = '23514'; END IF; RETURN NEW; END "
        "$$",
        "CREATE TRIGGER certificate_step_second_person BEFORE INSERT ON certificate_step FOR EACH "
        "ROW EXECUTE FUNCTION certificate_step_second_person()",
        "CREATE OR REPLACE FUNCTION review_is_history() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'review is never altered' USING ERRCODE = '23001'; RETURN NEW; END $$",
        'CREATE TRIGGER review_no_update BEFORE UPDATE OF "id", "audit_id", "reviewer", "kind", '
        '"taken_at" ON review FOR EACH ROW EXECUTE FUNCTION review_is_history()',
        "CREATE TRIGGER review_no_delete BEFORE DELETE ON review FOR EACH ROW EXECUTE FUNCTION "
        "review_is_history()",
        "CREATE TRIGGER review_no_truncation BEFORE TRUNCATE ON review FOR EACH STATEMENT EXECUTE "
        "FUNCTION review_is_history()",
        "CREATE OR REPLACE FUNCTION proposal_is_history() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'proposal is never altered' USING ERRCODE = '23001'; RETURN NEW; END "
        "$$",
        'CREATE TRIGGER proposal_no_update BEFORE UPDATE OF "id", "audit_id", "review_id", "n", '
        '"by", "at", "level", "frozen", "sha256", "head", "remark" ON proposal FOR EACH ROW EXECUTE '
        "FUNCTION proposal_is_history()",
        "CREATE TRIGGER proposal_no_delete BEFORE DELETE ON proposal FOR EACH ROW EXECUTE FUNCTION "
        "proposal_is_history()",
        "CREATE TRIGGER proposal_no_truncation BEFORE TRUNCATE ON proposal FOR EACH STATEMENT "
        "EXECUTE FUNCTION proposal_is_history()",
        "CREATE OR REPLACE FUNCTION review_not_own_work() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF EXISTS (SELECT 1 FROM assignment a WHERE a.visit_id = NEW.audit_id AND a.person_id "
        "= NEW.reviewer) OR EXISTS (SELECT 1 FROM change c WHERE c.audit_id = NEW.audit_id AND "
        "c.author = NEW.reviewer) THEN RAISE EXCEPTION 'nobody reviews what they assessed' USING "
        "ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER review_not_own_work BEFORE INSERT ON review FOR EACH ROW EXECUTE FUNCTION "
        "review_not_own_work()",
        "CREATE OR REPLACE FUNCTION review_not_own_office() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF EXISTS (SELECT 1 FROM membership m JOIN audit u ON u.office_id = m.office_id WHERE "
        "u.id = NEW.audit_id AND m.person_id = NEW.reviewer) THEN RAISE EXCEPTION 'nobody reviews "
        "their own office' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER review_not_own_office BEFORE INSERT ON review FOR EACH ROW EXECUTE FUNCTION "
        "review_not_own_office()",
        "CREATE OR REPLACE FUNCTION review_appeal_to_another() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.kind = 'appeal' AND EXISTS (SELECT 1 FROM review r WHERE r.audit_id = "
        "NEW.audit_id AND r.reviewer = NEW.reviewer) THEN RAISE EXCEPTION 'an appeal is heard by "
        "another reviewer' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER review_appeal_to_another BEFORE INSERT ON review FOR EACH ROW EXECUTE "
        "FUNCTION review_appeal_to_another()",
        "CREATE OR REPLACE FUNCTION proposal_by_reviewer() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF NOT EXISTS (SELECT 1 FROM review r WHERE r.id = NEW.review_id AND r.audit_id = "
        'NEW.audit_id AND r.reviewer = NEW."by" AND r.ended_at IS NULL) THEN RAISE EXCEPTION \'the '
        "reviewer who holds the audit proposes' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER proposal_by_reviewer BEFORE INSERT ON proposal FOR EACH ROW EXECUTE FUNCTION "
        "proposal_by_reviewer()",
        "CREATE OR REPLACE FUNCTION assignment_not_reviewed() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF EXISTS (SELECT 1 FROM review r WHERE r.audit_id = NEW.visit_id AND r.reviewer = "
        "NEW.person_id) THEN RAISE EXCEPTION 'nobody assesses what they reviewed' USING ERRCODE = "
        "'23514'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER assignment_not_reviewed BEFORE INSERT ON assignment FOR EACH ROW EXECUTE "
        "FUNCTION assignment_not_reviewed()",
        'CREATE OR REPLACE FUNCTION approval_as_calculated() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
        " IF NEW.outcome = 'calculated' AND COALESCE(NEW.level, '') <> COALESCE((SELECT p.level FROM "
        "proposal p WHERE p.id = NEW.proposal_id), '') THEN RAISE EXCEPTION 'what was calculated is "
        "approved as it is' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER approval_as_calculated BEFORE INSERT ON approval FOR EACH ROW EXECUTE FUNCTION '
        'approval_as_calculated()',
        'CREATE OR REPLACE FUNCTION approval_never_higher() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
        "IF NEW.outcome = 'lower' AND NOT EXISTS (SELECT 1 FROM proposal p JOIN audit u ON u.id = "
        'p.audit_id JOIN edition e ON e.sha256 = u.edition_sha256 CROSS JOIN '
        "jsonb_array_elements(e.body::jsonb -> 'levels') o CROSS JOIN jsonb_array_elements(e.body::jsonb "
        "-> 'levels') n WHERE p.id = NEW.proposal_id AND (o.value ->> 'code') = p.level AND (n.value ->> "
        "'code') = NEW.level AND (n.value ->> 'min')::numeric < (o.value ->> 'min')::numeric) THEN RAISE "
        "EXCEPTION 'another level than calculated is a lower one' USING ERRCODE = '23514'; END IF; RETURN"
        ' NEW; END $$',
        'CREATE TRIGGER approval_never_higher BEFORE INSERT ON approval FOR EACH ROW EXECUTE FUNCTION '
        'approval_never_higher()',
        'CREATE OR REPLACE FUNCTION decision_of_newest() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF '
        'NOT EXISTS (SELECT 1 FROM proposal p WHERE p.id = NEW.proposal_id AND p.audit_id = NEW.audit_id)'
        ' OR EXISTS (SELECT 1 FROM proposal p JOIN proposal q ON q.audit_id = p.audit_id AND q.n > p.n '
        "WHERE p.id = NEW.proposal_id) THEN RAISE EXCEPTION 'the newest proposal of an audit is decided' "
        "USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER decision_of_newest BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION '
        'decision_of_newest()',
        'CREATE OR REPLACE FUNCTION decision_follows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF '
        "COALESCE(NEW.supersedes, '') <> COALESCE((SELECT d.id FROM decision d WHERE d.audit_id = "
        "NEW.audit_id AND NOT EXISTS (SELECT 1 FROM decision e WHERE e.supersedes = d.id)), '') THEN "
        "RAISE EXCEPTION 'a decision names the one before it' USING ERRCODE = '23514'; END IF; RETURN "
        'NEW; END $$',
        'CREATE TRIGGER decision_follows BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION '
        'decision_follows()',
        'CREATE OR REPLACE FUNCTION decision_impartial() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF '
        'EXISTS (SELECT 1 FROM assignment a WHERE a.visit_id = NEW.audit_id AND a.person_id IN '
        '(NEW.first, NEW.second)) OR EXISTS (SELECT 1 FROM change c WHERE c.audit_id = NEW.audit_id AND '
        'c.author IN (NEW.first, NEW.second)) OR EXISTS (SELECT 1 FROM review r WHERE r.audit_id = '
        'NEW.audit_id AND r.reviewer IN (NEW.first, NEW.second)) OR EXISTS (SELECT 1 FROM membership m '
        'JOIN audit u ON u.office_id = m.office_id WHERE u.id = NEW.audit_id AND m.person_id IN '
        "(NEW.first, NEW.second)) THEN RAISE EXCEPTION 'nobody decides what they assessed, reviewed, or "
        "for their own office' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER decision_impartial BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION '
        'decision_impartial()',
        'CREATE OR REPLACE FUNCTION appeal_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS '
        '(SELECT 1 FROM decision d JOIN decision e ON e.audit_id = d.audit_id JOIN appeal a ON '
        "a.decision_id = e.id WHERE d.id = NEW.decision_id) THEN RAISE EXCEPTION 'an office appeals once'"
        " USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER appeal_once BEFORE INSERT ON appeal FOR EACH ROW EXECUTE FUNCTION appeal_once()',
        'CREATE OR REPLACE FUNCTION appeal_own_office() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF '
        'NOT EXISTS (SELECT 1 FROM decision d JOIN audit u ON u.id = d.audit_id JOIN membership m ON '
        'm.office_id = u.office_id WHERE d.id = NEW.decision_id AND m.person_id = NEW."by") THEN RAISE '
        "EXCEPTION 'an office appeals for itself' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER appeal_own_office BEFORE INSERT ON appeal FOR EACH ROW EXECUTE FUNCTION '
        'appeal_own_office()',
        'CREATE OR REPLACE FUNCTION review_appeal_not_approved() RETURNS trigger LANGUAGE plpgsql AS $$ '
        "BEGIN IF NEW.kind = 'appeal' AND EXISTS (SELECT 1 FROM proposal p JOIN approval a ON "
        'a.proposal_id = p.id WHERE p.audit_id = NEW.audit_id AND a.by = NEW.reviewer) THEN RAISE '
        "EXCEPTION 'nobody hears an appeal against what they approved' USING ERRCODE = '23514'; END IF; "
        'RETURN NEW; END $$',
        'CREATE TRIGGER review_appeal_not_approved BEFORE INSERT ON review FOR EACH ROW EXECUTE FUNCTION '
        'review_appeal_not_approved()',
        'CREATE OR REPLACE FUNCTION assignment_not_approved() RETURNS trigger LANGUAGE plpgsql AS $$ '
        'BEGIN IF EXISTS (SELECT 1 FROM proposal p JOIN approval a ON a.proposal_id = p.id WHERE '
        "p.audit_id = NEW.visit_id AND a.by = NEW.person_id) THEN RAISE EXCEPTION 'nobody assesses what "
        "they approved' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER assignment_not_approved BEFORE INSERT ON assignment FOR EACH ROW EXECUTE FUNCTION'
        ' assignment_not_approved()',
        'CREATE OR REPLACE FUNCTION certificate_entry_is_history() RETURNS trigger LANGUAGE plpgsql '
        "AS $$ BEGIN RAISE EXCEPTION 'certificate_entry is never altered' USING ERRCODE = '23001'; "
        'RETURN NEW; END $$',
        'CREATE TRIGGER certificate_entry_no_update BEFORE UPDATE OF "number", "n", "index" ON '
        'certificate_entry FOR EACH ROW EXECUTE FUNCTION certificate_entry_is_history()',
        'CREATE TRIGGER certificate_entry_no_delete BEFORE DELETE ON certificate_entry FOR EACH ROW '
        'EXECUTE FUNCTION certificate_entry_is_history()',
        'CREATE TRIGGER certificate_entry_no_truncation BEFORE TRUNCATE ON certificate_entry FOR EACH'
        ' STATEMENT EXECUTE FUNCTION certificate_entry_is_history()',
        'CREATE OR REPLACE FUNCTION certificate_step_not_own_office() RETURNS trigger LANGUAGE '
        'plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM certificate c JOIN membership m ON m.office_id '
        '= c.office_id WHERE c.number = NEW.number AND m.person_id = NEW."by") THEN RAISE EXCEPTION '
        "'nobody moves the certificate of their own office' USING ERRCODE = '23514'; END IF; RETURN "
        'NEW; END $$',
        'CREATE TRIGGER certificate_step_not_own_office BEFORE INSERT ON certificate_step FOR EACH '
        'ROW EXECUTE FUNCTION certificate_step_not_own_office()',
    ],
}
FUNCTIONS = [
    "appeal_evidence_is_history",
    "appeal_is_history",
    "appeal_once",
    "appeal_own_office",
    "approval_as_calculated",
    "approval_is_history",
    "approval_never_higher",
    "approval_not_own_office",
    "approval_not_own_work",
    "approval_not_reviewed",
    "assignment_not_approved",
    "assignment_not_reviewed",
    "audit_step_follows",
    "audit_step_is_history",
    "certificate_decided",
    "certificate_entry_is_history",
    "certificate_is_history",
    "certificate_step_follows",
    "certificate_step_is_history",
    "certificate_step_not_own_office",
    "certificate_step_second_person",
    "criterion_return_is_history",
    "decision_approved",
    "decision_follows",
    "decision_impartial",
    "decision_is_history",
    "decision_of_newest",
    "issuing_key_is_history",
    "proposal_by_reviewer",
    "proposal_is_history",
    "review_appeal_not_approved",
    "review_appeal_to_another",
    "review_is_history",
    "review_not_own_office",
    "review_not_own_work",
]


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "issuing_key",
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("public", sa.String(length=44), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compromised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "retired_at IS NULL OR compromised_at IS NULL OR retired_at <= compromised_at",
            name="issuing_key_order",
        ),
        sa.PrimaryKeyConstraint("kid"),
    )
    op.create_table(
        "feed",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cause", "person_id", name="mail_once"),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_person_id"), ["person_id"], unique=False)

    op.create_table(
        "audit_step",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("before", sa.String(length=12), nullable=False),
        sa.Column("after", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "action || ' ' || before || ' ' || after IN ('submit open submitted', 'recall submitted open', 'close open closed', 'reopen closed open', 'take submitted in_review', 'release in_review submitted', 'release in_review appealed', 'return in_review returned', 'resubmit returned in_review', 'propose in_review proposed', 'send_back proposed in_review', 'decide proposed decided', 'appeal decided appealed', 'hear appealed in_review', 'correct decided submitted')",
            name="audit_step_known",
        ),
        sa.CheckConstraint("n > 0", name="audit_step_counts"),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["by"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("audit_id", "n"),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("reviewer", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('review', 'appeal')", name="review_kind"),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reviewer"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_audit_id"), ["audit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_reviewer"), ["reviewer"], unique=False)
        batch_op.create_index(
            "review_one_standing",
            ["audit_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "criterion_return",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name="criterion_return_reason"),
        sa.ForeignKeyConstraint(
            ["audit_id", "n"],
            ["audit_step.audit_id", "audit_step.n"],
            name="criterion_return_step",
        ),
        sa.PrimaryKeyConstraint("audit_id", "n", "criterion"),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("review_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=True),
        sa.Column("frozen", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=2000), nullable=False),
        sa.CheckConstraint("n > 0", name="proposal_counts"),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["review.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("audit_id", "n", name="proposal_number"),
    )
    op.create_table(
        "report_photo",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("change_id", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["change.id"],
        ),
        sa.PrimaryKeyConstraint("audit_id", "change_id"),
    )
    op.create_table(
        "review_mark",
        sa.Column("review_id", sa.String(length=36), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "verdict <> 'returned' OR length(reason) > 0", name="review_mark_reason"
        ),
        sa.CheckConstraint("verdict IN ('accepted', 'returned')", name="review_mark_verdict"),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["review.id"],
        ),
        sa.PrimaryKeyConstraint("review_id", "criterion"),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("proposal_id", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("resolution_no", sa.String(length=80), nullable=True),
        sa.Column("resolution_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("outcome <> 'none' OR level IS NULL", name="approval_no_level"),
        sa.CheckConstraint(
            "outcome = 'calculated' OR length(reason) > 0", name="approval_reason"
        ),
        sa.CheckConstraint(
            "outcome IN ('calculated', 'lower', 'none')", name="approval_outcome"
        ),
        sa.ForeignKeyConstraint(
            ["by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(
            "approval_one_standing",
            ["proposal_id", "by"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_approval_proposal_id"), ["proposal_id"], unique=False
        )

    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("proposal_id", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("first", sa.String(length=36), nullable=False),
        sa.Column("second", sa.String(length=36), nullable=True),
        sa.Column("resolution_no", sa.String(length=80), nullable=True),
        sa.Column("resolution_on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes", sa.String(length=36), nullable=True),
        sa.CheckConstraint("outcome <> 'none' OR level IS NULL", name="decision_no_level"),
        sa.CheckConstraint(
            "outcome = 'calculated' OR length(reason) > 0", name="decision_reason"
        ),
        sa.CheckConstraint(
            "outcome IN ('calculated', 'lower', 'none')", name="decision_outcome"
        ),
        sa.CheckConstraint(
            "second IS NOT NULL OR (resolution_no IS NOT NULL AND resolution_on IS NOT NULL)",
            name="decision_two_or_committee",
        ),
        sa.CheckConstraint(
            "second IS NULL OR second <> first", name="decision_two_different_people"
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["first"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.ForeignKeyConstraint(
            ["second"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["supersedes"],
            ["decision.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("proposal_id"),
        sa.UniqueConstraint("supersedes"),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_audit_id"), ["audit_id"], unique=False)

    op.create_table(
        "appeal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reasons", sa.String(length=4000), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint("length(reasons) > 0", name="appeal_reasons"),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["decision.id"],
        ),
        sa.ForeignKeyConstraint(
            ["by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("decision_id"),
    )
    op.create_table(
        "certificate",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("level_th", sa.String(length=4000), nullable=False),
        sa.Column("level_en", sa.String(length=4000), nullable=False),
        sa.Column("office_th", sa.String(length=160), nullable=False),
        sa.Column("office_en", sa.String(length=160), nullable=False),
        sa.Column("edition", sa.String(length=65), nullable=False),
        sa.Column("edition_sha256", sa.String(length=64), nullable=False),
        sa.Column("issuer_th", sa.String(length=200), nullable=False),
        sa.Column("issuer_en", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("cose", sa.LargeBinary(), nullable=False),
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("replaces", sa.String(length=24), nullable=True),
        sa.CheckConstraint("serial > 0 AND status_index >= 0", name="certificate_counts"),
        sa.CheckConstraint("valid_from <= valid_until", name="certificate_validity"),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
        ),
        sa.ForeignKeyConstraint(
            ["edition_sha256"],
            ["edition.sha256"],
        ),
        sa.ForeignKeyConstraint(
            ["kid"],
            ["issuing_key.kid"],
        ),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["office.id"],
        ),
        sa.ForeignKeyConstraint(
            ["replaces"],
            ["certificate.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("decision_id", "kid", name="certificate_of_decision_once"),
        sa.UniqueConstraint("fiscal_year", "serial", name="certificate_number_once"),
        sa.UniqueConstraint("replaces"),
        sa.UniqueConstraint("status_index"),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_office_id"), ["office_id"], unique=False
        )

    op.create_table(
        "appeal_evidence",
        sa.Column("appeal_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["appeal_id"],
            ["appeal.id"],
        ),
        sa.PrimaryKeyConstraint("appeal_id", "sha256"),
    )
    op.create_table(
        "certificate_step",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "action || ' ' || before || ' ' || after IN ('suspend valid suspended', 'ask_withdrawal suspended withdrawal_asked', 'withdraw withdrawal_asked withdrawn', 'refuse withdrawal_asked suspended', 'ask_reinstatement suspended reinstatement_asked', 'reinstate reinstatement_asked valid', 'refuse reinstatement_asked suspended', 'supersede valid superseded', 'supersede suspended superseded', 'supersede withdrawal_asked superseded', 'supersede reinstatement_asked superseded')",
            name="certificate_step_known",
        ),
        sa.CheckConstraint("length(reason) > 0", name="certificate_step_reason"),
        sa.CheckConstraint("n > 0", name="certificate_step_counts"),
        sa.ForeignKeyConstraint(
            ["by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["number"],
            ["certificate.number"],
        ),
        sa.PrimaryKeyConstraint("number", "n"),
    )
    op.create_table(
        "certificate_entry",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["index"],
            ["log_entry.index"],
        ),
        sa.ForeignKeyConstraint(
            ["number"],
            ["certificate.number"],
        ),
        sa.PrimaryKeyConstraint("number", "n"),
        sa.UniqueConstraint("index"),
    )
    # Not by copying the tables: others point to them.
    op.execute(
        "ALTER TABLE audit ADD COLUMN stage VARCHAR(12) DEFAULT 'open' NOT NULL "
        "CONSTRAINT audit_stage CHECK (stage IN ('open', 'closed', 'submitted', 'in_review', 'returned', 'proposed', 'decided', 'appealed'))"
    )
    op.execute("ALTER TABLE person ADD COLUMN email VARCHAR(254)")
    op.create_index(
        "change_submission",
        "change",
        ["audit_id"],
        unique=False,
        sqlite_where=sa.text("kind = 'submission'"),
        postgresql_where=sa.text("kind = 'submission'"),
    )
    # What was closed by hand before there were steps has taken one.
    op.execute(
        "INSERT INTO audit_step (audit_id, n, action, before, after, by, at, reason, head) "
        "SELECT c.audit_id, 1, 'close', 'open', 'closed', c.by, c.at, c.reason, a.head "
        "FROM closing c JOIN audit a ON a.id = c.audit_id WHERE c.reopened_at IS NULL"
    )
    op.execute(
        "UPDATE audit SET stage = 'closed' "
        "WHERE id IN (SELECT audit_id FROM closing WHERE reopened_at IS NULL)"
    )
    for statement in RULES[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(":", "\\:")))

    # ### end Alembic commands ###


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER assignment_not_reviewed ON assignment")
        op.execute("DROP TRIGGER assignment_not_approved ON assignment")
    else:
        op.execute("DROP TRIGGER assignment_not_reviewed")
        op.execute("DROP TRIGGER assignment_not_approved")

    op.drop_table("certificate_entry")
    op.drop_table("certificate_step")
    op.drop_table("appeal_evidence")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_office_id"))

    op.drop_table("certificate")
    op.drop_table("appeal")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_audit_id"))

    op.drop_table("decision")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_proposal_id"))
        batch_op.drop_index(
            "approval_one_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.drop_table("approval")
    op.drop_table("review_mark")
    op.drop_table("report_photo")
    op.drop_table("proposal")
    op.drop_table("criterion_return")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(
            "review_one_standing",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_review_reviewer"))
        batch_op.drop_index(batch_op.f("ix_review_audit_id"))

    op.drop_table("review")
    op.drop_table("audit_step")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_person_id"))

    op.drop_table("mail")
    op.drop_table("feed")
    op.drop_table("issuing_key")
    # ### end Alembic commands ###
    op.drop_index("change_submission", "change")
    op.execute("ALTER TABLE person DROP COLUMN email")
    op.execute("ALTER TABLE audit DROP COLUMN stage")
    if op.get_bind().dialect.name == "postgresql":
        for function in FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}()")
