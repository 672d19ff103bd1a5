-- A message that moves with its branch into another conversation is found there.
create trigger note_moved after update of conversation_id on chat.message for each row
    when (old.conversation_id <> new.conversation_id) execute function chat.note_message();
