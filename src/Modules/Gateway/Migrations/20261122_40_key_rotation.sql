-- A planned rotation, as personal API keys have it: see RotatingSecret.
alter table gateway.virtual_key
    add column secret_until timestamptz,
    add column rotate_every_days int check (rotate_every_days > 0),
    add column overlap_hours int not null default 24 check (overlap_hours >= 0),
    add column rotate_at timestamptz,
    add column leaked boolean not null default false;

create index virtual_key_rotate_at on gateway.virtual_key (rotate_at) where rotate_at is not null and revoked_at is null;
