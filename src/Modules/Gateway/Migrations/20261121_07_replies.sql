-- Replies kept to be given again. The key is a hash of who asked whom for what: nobody finds another tenant's.
create table gateway.reply (
    key bytea primary key,
    tenant uuid not null,
    route text not null,
    surface text not null,
    -- Who answered, as provider/model.
    model text not null,
    body bytea not null,
    -- Questions that differ only in their last message share this hash; among them the nearest by embedding may answer.
    likeness bytea,
    embedding real[],
    -- What the reply cost once, and so what each hit saves.
    cost_micros bigint not null,
    hits bigint not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

create index reply_expiry on gateway.reply (expires_at);
create index reply_of_route on gateway.reply (route, created_at);
create index reply_likeness on gateway.reply (likeness, created_at desc) where likeness is not null;
