-- A prompt with places to fill in. The starters that come with the program are not rows.
create table chat.template (
    template_id uuid primary key,
    owner_id uuid not null,
    trade text not null,
    name text not null,
    about text not null default '',
    body text not null,
    variables jsonb not null default '[]',
    -- Everybody on this server sees it; only its author and those who manage people change it.
    shared boolean not null default false,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index template_owner on chat.template (owner_id, name);
create index template_shared on chat.template (name) where shared;

alter table chat.template enable row level security;
create policy own_rows on chat.template to jeantrail_person using (owner_id = kernel.person());
create policy shared_rows on chat.template for select to jeantrail_person using (shared);
