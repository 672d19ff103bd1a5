-- A project is a folder of conversations with instructions of its own.
create table chat.project (
    project_id uuid primary key,
    owner_id uuid not null,
    name text not null,
    instructions text not null default '',
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index project_owner on chat.project (owner_id, name);

alter table chat.conversation
    add project_id uuid references chat.project on delete set null,
    add instructions text not null default '',
    -- What the model is asked with: temperature, topP, maxOutputTokens; absent for the model's own.
    add parameters jsonb not null default '{}',
    add tags text[] not null default '{}',
    add category text;
create index conversation_project on chat.conversation (project_id, updated_at desc, conversation_id desc) where project_id is not null;

-- A file a person brought, or one that was made for them. It belongs to nobody's message until a part names it.
create table chat.attachment (
    attachment_id uuid primary key,
    owner_id uuid not null,
    origin text not null check (origin in ('uploaded', 'generated')),
    name text not null,
    media_type text not null,
    size_bytes bigint not null,
    blob text not null,
    thumbnail_blob text,
    webp_blob text,
    width integer,
    height integer,
    -- Text found in it, for the model and for search; null until it was looked for.
    extracted text,
    created_at timestamptz not null
);
create index attachment_owner on chat.attachment (owner_id, created_at desc);

-- What a message holds besides its text, in order; each stands at an offset in the text, so the text itself stays one searchable string.
create table chat.message_part (
    message_id uuid not null references chat.message on delete cascade,
    ordinal integer not null,
    kind text not null check (kind in ('reasoning', 'tool', 'image', 'file')),
    -- UTF-16 offset in the message's text before which the part is shown.
    at integer not null,
    attachment_id uuid references chat.attachment,
    payload jsonb not null default '{}',
    primary key (message_id, ordinal)
);
create index message_part_attachment on chat.message_part (attachment_id) where attachment_id is not null;

alter table chat.project enable row level security;
create policy own_rows on chat.project to jeantrail_person using (owner_id = kernel.person());

alter table chat.attachment enable row level security;
create policy own_rows on chat.attachment to jeantrail_person using (owner_id = kernel.person());

alter table chat.message_part enable row level security;
create policy own_rows on chat.message_part to jeantrail_person using (
    exists (select from chat.message m join chat.conversation c on c.conversation_id = m.conversation_id
        where m.message_id = message_part.message_id and c.owner_id = kernel.person()));
