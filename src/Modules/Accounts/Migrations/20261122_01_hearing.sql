-- What of the server's speech models the person agreed to; null is the built-in voice, and no dictation.
alter table accounts.preference
    add column local_voice text,
    add column hearing text;
