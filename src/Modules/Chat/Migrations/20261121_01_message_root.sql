-- The beginnings of a conversation stand beside each other like other siblings; without this, finding them reads all its messages.
create index message_root on chat.message (conversation_id) where parent_id is null;
