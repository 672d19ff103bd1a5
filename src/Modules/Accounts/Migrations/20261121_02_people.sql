-- A session that the owner opened in somebody's name: who really acts, and from which session of theirs. It ends with that one.
alter table accounts.session
    add column actor_id uuid references accounts.user on delete cascade,
    add column actor_session_id uuid references accounts.session on delete cascade,
    add constraint session_actor check ((actor_id is null) = (actor_session_id is null));
create index session_of_actor on accounts.session (actor_session_id) where actor_session_id is not null;

create index user_newest on accounts.user (created_at desc, user_id desc);

-- Until when the pause lasts that is on the record already: one entry for each pause, however often somebody knocks.
alter table accounts.sign_in_attempt add column recorded_until timestamptz;
