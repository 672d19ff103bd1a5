-- What messages mean, as an embedding model measures it. Only of the newest, and only where a model was chosen for it.
create table chat.message_vector (
    message_id uuid primary key references chat.message on delete cascade,
    -- In the order of measuring, so that a node reads only what it has not yet read.
    place bigint generated always as identity,
    owner_id uuid not null,
    model_id text not null,
    -- One bit a dimension: which are positive. It tells roughly what is near.
    signs bytea not null,
    -- Of length one, a signed byte a dimension.
    vector bytea not null
);
create index message_vector_owner on chat.message_vector (owner_id, model_id, place);

alter table chat.message_vector enable row level security;
create policy own_rows on chat.message_vector to jeantrail_person using (owner_id = kernel.person());
