-- Every kind of row that version 0.4.0 (revision 0007) wrote. Moments are UTC; it is noon on 2 March 2026.
-- 1 to 4: private chats (one with a practice's words, one in another zone that is paused, one stopped, one that came back
-- from a pause); 5 to 7: a group, a topic of it, another group; 8: a channel; 9 to 12: chats that are off for each reason.
INSERT INTO chats (id, telegram_id, thread_id, kind, zone, quiet_start, quiet_end, is_silent, paused_until, off_reason,
    off_at, seed, rotation_cycle, rotation_cursor, caught_up_at, created_at, country, language, shows_pictures, left_out,
    told, words) VALUES
    (1, 11, 0, 'private', 'Europe/Berlin', '22:00:00.000000', '07:00:00.000000', false, NULL, NULL, NULL, 7001, 0,
        -1, NULL, '2026-02-01 12:00:00.000000', 'de', 'en', true, 'men,therapy', NULL, 'rosa-meyer'),
    (2, 12, 0, 'private', 'America/Lima', '23:30:00.000000', '06:30:00.000000', true, '2026-03-09 13:00:00.000000', NULL,
        NULL, 7002, 3, 1073741823, '2026-02-28 12:00:00.000001', '2026-02-02 12:00:00.123456', 'pe', 'es', false, '',
        NULL, NULL),
    (3, 13, 0, 'private', 'Europe/Berlin', NULL, NULL, false, NULL, 'stopped', '2026-02-20 12:00:00.000000', 7003, 1, 5,
        NULL, '2026-02-03 12:00:00.000000', NULL, NULL, false, '', NULL, NULL),
    (4, 14, 0, 'private', NULL, '22:00:00.000000', '07:00:00.000000', false, '2026-03-02 11:59:00.000000', NULL, NULL,
        7004, 0, -1, NULL, '2026-02-04 12:00:00.000000', NULL, 'en', false, '', NULL, NULL),
    (5, -1001, 0, 'supergroup', 'Europe/Berlin', '22:00:00.000000', '07:00:00.000000', false, NULL, NULL, NULL, 7005, 0,
        9, NULL, '2026-02-05 12:00:00.000000', NULL, 'en', false, 'men', NULL, 'lake-house'),
    (6, -1001, 77, 'supergroup', 'Europe/Berlin', '22:00:00.000000', '07:00:00.000000', false, NULL, NULL, NULL, 7006, 0,
        -1, NULL, '2026-02-06 12:00:00.000000', NULL, 'en', false, '', 'topic_closed', 'lake-house'),
    (7, -1002, 0, 'group', 'Europe/Berlin', '22:00:00.000000', '07:00:00.000000', false, NULL, NULL, NULL, 7007, 0, -1,
        NULL, '2026-02-07 12:00:00.000000', NULL, NULL, false, '', 'back_in', NULL),
    (8, -1003, 0, 'channel', 'Europe/Berlin', '22:00:00.000000', '07:00:00.000000', true, NULL, NULL, NULL, 7008, 0, -1,
        NULL, '2026-02-08 12:00:00.000000', NULL, 'es', true, '', NULL, NULL),
    (9, -1004, 0, 'supergroup', NULL, NULL, NULL, false, NULL, 'no_rights', '2026-02-21 12:00:00.000000', 7009, 0, -1,
        NULL, '2026-02-09 12:00:00.000000', NULL, NULL, false, '', 'no_rights', NULL),
    (10, -1005, 0, 'supergroup', NULL, NULL, NULL, false, NULL, 'blocked', '2026-02-21 12:00:00.000000', 7010, 0, -1, NULL,
        '2026-02-10 12:00:00.000000', NULL, NULL, false, '', 'blocked', NULL),
    (11, 21, 0, 'private', NULL, NULL, NULL, false, NULL, 'gone', '2026-02-21 12:00:00.000000', 7011, 0, -1, NULL,
        '2026-02-11 12:00:00.000000', NULL, NULL, false, '', NULL, NULL),
    (12, -1001, 78, 'supergroup', NULL, NULL, NULL, false, NULL, 'topic_gone', '2026-02-21 12:00:00.000000', 7012, 0, -1,
        NULL, '2026-02-12 12:00:00.000000', NULL, NULL, false, '', 'topic_gone', NULL);
INSERT INTO facilitators (chat_id, person_id, since) VALUES
    (5, 11, '2026-02-05 12:00:00.000000'),
    (5, 12, '2026-02-06 12:00:00.000000'),
    (8, 11, '2026-02-08 12:00:00.000000'),
    (9, 13, '2026-02-09 12:00:00.000000');
-- Daily and due now; spread and due later; once and done; paused; in a group, a channel, a chat that is off.
INSERT INTO reminders (id, chat_id, rule, due_at, is_paused, created_at) VALUES
    (1, 1, '{"kind":"daily","at":"13:00","weekdays":[0,1,2,3,4,5,6]}', '2026-03-02 12:00:00.000000', false,
        '2026-02-01 12:00:00.000000'),
    (2, 1, '{"kind":"spread","times":3,"start":"09:00","end":"18:00","apart":60,"weekdays":[0,1,2,3,4]}',
        '2026-03-02 14:17:00.000000', false, '2026-02-01 12:01:00.000000'),
    (3, 2, '{"kind":"once","at":"2026-02-20T10:00"}', NULL, false, '2026-02-02 12:00:00.000000'),
    (4, 3, '{"kind":"daily","at":"08:30","weekdays":[0,1,2,3,4,5,6]}', NULL, true, '2026-02-03 12:00:00.000000'),
    (5, 5, '{"kind":"daily","at":"13:00","weekdays":[0,1]}', '2026-03-02 12:00:00.000000', false,
        '2026-02-05 12:00:00.000000'),
    (6, 8, '{"kind":"daily","at":"20:00","weekdays":[0,1,2,3,4,5,6]}', '2026-03-02 19:00:00.000000', false,
        '2026-02-08 12:00:00.000000'),
    (7, 9, '{"kind":"daily","at":"08:30","weekdays":[0,1,2,3,4,5,6]}', NULL, false, '2026-02-09 12:00:00.000000');
-- Each kind in each state. Whoever claimed what is being sent is gone.
INSERT INTO queued_messages (id, chat_id, reminder_id, kind, affirmation_id, occurrence_at, send_after, send_before,
    state, claimed_until, attempts, sent_at, error, about) VALUES
    (1, 1, 1, 'affirmation', 'tears-are-human', '2026-03-01 12:00:00.000000', '2026-03-02 11:58:00.000000',
        '2026-03-02 18:00:00.000000', 'queued', NULL, 1, NULL, 'a timeout', NULL),
    (2, 8, 6, 'affirmation', 'tears-are-human', '2026-03-01 19:00:00.000000', '2026-03-02 11:58:00.000000',
        '2026-03-02 18:00:00.000000', 'sending', '2026-03-02 11:59:30.000000', 1, NULL, NULL, NULL),
    (3, 1, 1, 'affirmation', 'no-apology', '2026-02-28 12:00:00.000000', '2026-02-28 12:00:00.000000',
        '2026-02-28 18:00:00.000000', 'sent', NULL, 1, '2026-02-28 12:00:01.000000', NULL, NULL),
    (4, 1, 1, 'affirmation', 'no-apology', '2026-02-27 12:00:00.000000', '2026-02-28 12:00:00.000000',
        '2026-02-28 18:00:00.000000', 'skipped', NULL, 0, NULL, NULL, NULL),
    (5, 9, 7, 'affirmation', 'no-apology', '2026-02-28 07:30:00.000000', '2026-02-28 12:00:00.000000',
        '2026-02-28 18:00:00.000000', 'failed', NULL, 1, NULL, 'Forbidden: bot was kicked', NULL),
    (6, 6, NULL, 'back', NULL, '2026-03-02 11:00:00.000000', '2026-03-02 11:58:00.000000',
        '2026-03-02 18:00:00.000000', 'queued', NULL, 0, NULL, NULL, NULL),
    (7, 7, NULL, 'back', NULL, '2026-03-02 11:00:00.000000', '2026-03-02 11:58:00.000000',
        '2026-03-02 18:00:00.000000', 'sending', '2026-03-02 11:59:30.000000', 2, NULL, NULL, NULL),
    (8, 2, NULL, 'back', NULL, '2026-02-28 11:00:00.000000', '2026-02-28 12:00:00.000000',
        '2026-02-28 18:00:00.000000', 'sent', NULL, 1, '2026-02-28 12:00:01.000000', NULL, NULL),
    (9, 2, NULL, 'back', NULL, '2026-02-28 11:00:00.000000', '2026-02-28 12:00:00.000000',
        '2026-02-28 18:00:00.000000', 'skipped', NULL, 0, NULL, NULL, NULL),
    (10, 11, NULL, 'back', NULL, '2026-02-28 11:00:00.000000', '2026-02-28 12:00:00.000000',
        '2026-02-28 18:00:00.000000', 'failed', NULL, 1, NULL, 'Forbidden: user is deactivated', NULL),
    (11, 3, NULL, 'notice', NULL, '2026-03-02 11:00:00.000000', '2026-03-02 11:58:00.000000',
        '2026-03-04 11:00:00.000000', 'queued', NULL, 0, NULL, NULL, 'no_rights:9'),
    (12, 2, NULL, 'notice', NULL, '2026-03-02 11:00:00.000000', '2026-03-02 11:58:00.000000',
        '2026-03-04 11:00:00.000000', 'sending', '2026-03-02 11:59:30.000000', 1, NULL, NULL, 'topic_closed:6'),
    (13, 1, NULL, 'notice', NULL, '2026-02-28 11:00:00.000000', '2026-02-28 12:00:00.000000',
        '2026-03-02 11:00:00.000000', 'sent', NULL, 1, '2026-02-28 12:00:01.000000', NULL, 'back_in:7'),
    (14, 1, NULL, 'notice', NULL, '2026-02-28 11:00:00.000000', '2026-02-28 12:00:00.000000',
        '2026-03-02 11:00:00.000000', 'skipped', NULL, 0, NULL, NULL, 'admin:7'),
    (15, 11, NULL, 'notice', NULL, '2026-02-28 11:00:00.000000', '2026-02-28 12:00:00.000000',
        '2026-03-02 11:00:00.000000', 'failed', NULL, 1, NULL, 'Forbidden: user is deactivated', 'gone:10'),
    -- It waits for its time.
    (16, 5, 5, 'affirmation', 'no-apology', '2026-02-23 12:00:00.000000', '2026-03-02 12:30:00.000000',
        '2026-03-02 18:00:00.000000', 'queued', NULL, 1, NULL, 'the chat''s own pace', NULL);
-- Each subject: flows of which something is undelivered, the last words are, and nothing is; then the other questions.
INSERT INTO conversations (id, chat_id, person_id, token, step, draft, updated_at, subject, wake_at) VALUES
    (1, 1, 11, 'aaaa0001', 'flow', '{"position":{"frames":[{"flow":"grounding","step":"senses","visit":1,"is_over":false},{"flow":"grounding-senses","step":"see","visit":0,"is_over":false}],"mode":"open","turn":3,"visits":{"grounding":1},"chosen":{}},"update_id":501,"message_id":70,"unsaid_since":"2026-03-02T11:58:30Z","is_ending":false}',
        '2026-03-02 11:58:00.000000', 'flow', '2026-03-02 11:59:30.000000'),
    (2, 2, 12, 'aaaa0002', 'flow', '{"position":{"frames":[{"flow":"grounding","step":"choose","visit":0,"is_over":false}],"mode":"open","turn":9,"visits":{},"chosen":{"grounding":"a1b2"}},"update_id":502,"message_id":71,"unsaid_since":"2026-03-02T11:58:40Z","is_ending":true}',
        '2026-03-02 11:58:00.000000', 'flow', '2026-03-02 11:59:40.000000'),
    (3, 4, 14, 'aaaa0003', 'flow', '{"position":{"frames":[{"flow":"grounding","step":"choose","visit":0,"is_over":false}],"mode":"closed","turn":2,"visits":{},"chosen":{}},"update_id":503,"message_id":0,"unsaid_since":null,"is_ending":false}',
        '2026-03-01 12:00:00.000000', 'flow', NULL),
    (4, 1, 11, 'aaaa0004', 'time', '{"language":"en","reminder_id":2,"rhythm":"daily","at":"08:30:00","times":null,"start":"09:00:00","end":"21:00:00","moment":null,"is_shared":false,"weekdays":[],"has_days":false,"left_out":[],"has_themes":false,"shows_pictures":null,"zone":null,"is_first":false}',
        '2026-03-01 12:00:00.000000', 'setup', NULL),
    (5, 1, 11, 'aaaa0005', 'pause', '{}', '2026-03-01 12:00:01.000000', 'pause', NULL),
    (6, 1, 11, 'aaaa0006', 'forget', '{}', '2026-03-01 12:00:02.000000', 'forget', NULL),
    (7, 1, 11, 'aaaa0007', 'place', 'en', '2026-03-01 12:00:03.000000', 'zone', NULL),
    (8, 1, 11, 'aaaa0008', 'quiet', '', '2026-03-01 12:00:04.000000', 'quiet', NULL),
    (9, 1, 11, 'aaaa0009', 'plan', '{"language": "en"}', '2026-03-02 11:59:00.000000', 'plan', NULL),
    (10, 1, 11, 'aaaa0010', 'share', '{}', '2026-03-01 12:00:05.000000', 'share', NULL),
    (11, 1, 11, 'aaaa0011', 'invite-words', '{"suggestion":{"words":"rosa-meyer","language":"es","rule":{"at":"08:30"}},"answered":["invite-language"],"language":"en"}',
        '2026-03-01 12:00:06.000000', 'invitation', NULL),
    -- One that can be read no more stays what it is.
    (12, 3, 13, 'aaaa0012', 'flow', 'not JSON', '2026-03-01 12:00:00.000000', 'flow', NULL);
INSERT INTO visits (chat_id, person_id, flow, count, chosen) VALUES
    (1, 11, 'grounding', 4, 'a1b2'),
    (5, 0, 'arriving-together', 2, NULL);
INSERT INTO plans (chat_id, sealed, updated_at) VALUES
    (1, '<sealed>', '2026-02-15 12:00:00.000000'),
    (2, 'what no key opens any more', '2026-02-16 12:00:00.000000');
INSERT INTO kept_affirmations (chat_id, affirmation_id, kept_at) VALUES
    (1, 'no-apology', '2026-02-10 12:00:00.000000'),
    (1, 'tears-are-human', '2026-02-11 12:00:00.000000'),
    (2, 'gone-from-the-catalogue', '2026-02-12 12:00:00.654321');
INSERT INTO hidden_affirmations (chat_id, affirmation_id, hidden_at) VALUES
    (1, 'hidden-one', '2026-02-13 12:00:00.000000'),
    (5, 'hidden-two', '2026-02-14 12:00:00.000000');
INSERT INTO uploads (digest, file_id) VALUES
    ('00ff', 'AgACAgIAAxkBAAM'),
    ('11ee', 'AgACAgIAAxkBAAN');
INSERT INTO invitations (code, words, language, rule, created_at, ended_at) VALUES
    ('i-23456789abcde', 'rosa-meyer', 'es', '{"kind":"daily","at":"08:30","weekdays":[0,1,2,3,4]}',
        '2026-02-17 12:00:00.000000', NULL),
    ('i-fghjkmnpqrstu', NULL, NULL, NULL, '2026-02-18 12:00:00.000000', NULL),
    ('i-vwxyz23456789', 'lake-house', NULL, NULL, '2026-02-19 12:00:00.000000', '2026-02-20 12:00:00.000000');
INSERT INTO posts (id, chat_id, message_id, kind, count, shown, shown_at, tapped_at, posted_at) VALUES
    (1, 8, 301, 'me_too', 2, 1, '2026-03-02 11:00:00.000000', '2026-03-02 11:01:00.000000', '2026-03-01 19:00:00.000000'),
    (2, 5, 302, 'me_too', 1, 1, '2026-03-02 11:00:00.000000', '2026-03-02 11:00:00.000000', '2026-03-01 12:00:00.000000'),
    (3, 7, 303, 'here', 3, 0, NULL, '2026-03-02 11:59:58.000000', '2026-03-02 11:50:00.000000');
INSERT INTO post_taps (person_hash, post_id, is_counted, update_id) VALUES
    ('aa', 1, true, 401),
    ('bb', 1, true, 402),
    ('cc', 1, false, 403),
    ('aa', 2, true, 404),
    ('dd', 3, true, 405);
-- Each stage of a circle: waiting for its time, undelivered, and over.
INSERT INTO circles (chat_id, stage, part, update_id, variant, message_id, unsaid_since, wake_at, opened_at) VALUES
    (5, 'arriving', 1, 601, 0, 0, '2026-03-02 11:58:50.000000', '2026-03-02 11:59:50.000000',
        '2026-03-02 11:58:00.000000'),
    (6, 'here', 2, 602, 1, 310, NULL, '2026-03-02 14:00:00.000000', '2026-03-02 11:00:00.000000'),
    (7, 'closing', 2, 603, 2, 303, '2026-03-02 11:58:40.000000', '2026-03-02 11:59:40.000000',
        '2026-03-02 11:50:00.000000'),
    (8, 'stopping', 0, 604, 0, 312, '2026-03-02 11:58:30.000000', '2026-03-02 11:59:30.000000',
        '2026-03-02 11:58:00.000000'),
    (9, 'over', 2, 605, 3, 313, NULL, '2026-03-03 10:00:00.000000', '2026-03-02 09:00:00.000000');
