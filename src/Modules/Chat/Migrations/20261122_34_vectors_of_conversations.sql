-- What a message means is looked for within a conversation too, and in those that others share.
alter table chat.message_vector add column conversation_id uuid;
update chat.message_vector v set conversation_id = m.conversation_id from chat.message m where m.message_id = v.message_id;
alter table chat.message_vector alter column conversation_id set not null;
create index message_vector_conversation on chat.message_vector (conversation_id, model_id);
