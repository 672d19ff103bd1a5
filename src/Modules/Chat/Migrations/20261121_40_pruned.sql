-- A pruned branch is a conversation in the bin that remembers where it was cut off, so that it can grow there again.
alter table chat.conversation
    add pruned_from uuid references chat.conversation on delete set null,
    add pruned_parent_id uuid references chat.message on delete set null,
    add pruned_at_root boolean not null default false;
create index conversation_pruned_from on chat.conversation (pruned_from) where pruned_from is not null;
create index conversation_pruned_parent on chat.conversation (pruned_parent_id) where pruned_parent_id is not null;
