create table agents.note (
    note_id uuid primary key,
    user_id uuid not null,
    text text not null check (length(text) between 1 and 10000),
    created_at timestamptz not null
);

create index note_by_user on agents.note (user_id, created_at desc, note_id desc);

-- scheduled → due when its time has come → done when the person has seen to it. Cancelling deletes.
create table agents.reminder (
    reminder_id uuid primary key,
    user_id uuid not null,
    text text not null check (length(text) between 1 and 500),
    language text not null,
    due_at timestamptz not null,
    state text not null default 'scheduled' check (state in ('scheduled', 'due', 'done')),
    created_at timestamptz not null,
    done_at timestamptz
);

create index reminder_by_user on agents.reminder (user_id, due_at, reminder_id);
create index reminder_scheduled on agents.reminder (due_at) where state = 'scheduled';
