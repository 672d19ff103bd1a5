-- Letters, in the transaction of what they tell of. Their text is sealed, because links in it open doors, and wiped once it was sent.
-- next_at says when a node may take the letter; null when it was sent or given up.
create table kernel.mail (
    mail_id uuid primary key,
    kind text not null,
    recipient text not null,
    subject text not null,
    body bytea,
    created_at timestamptz not null,
    sent_at timestamptz,
    attempts integer not null default 0,
    next_at timestamptz,
    last_error text
);
create index mail_pending on kernel.mail (next_at) where next_at is not null;
create index mail_newest on kernel.mail (created_at desc, mail_id desc);
