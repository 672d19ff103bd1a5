-- The second lock, asked by functions whose plans are kept. As subqueries of the policies they were planned anew within every statement, several
-- times over, and the planner read all conversations to answer for a few messages.

-- Whether the person whom a statement runs for may do that in a conversation.
create or replace function chat.may_here(conversation uuid, wanted chat.role) returns boolean language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    return exists (select from chat.conversation c where c.conversation_id = conversation and chat.may(c, kernel.person(), wanted));
end
$$;

create function chat.sees_message(message uuid) returns boolean language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    return chat.may_here((select m.conversation_id from chat.message m where m.message_id = message), 'view');
end
$$;

create function chat.sees_turn(turn uuid) returns boolean language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    return chat.may_here((select t.conversation_id from chat.turn t where t.turn_id = turn), 'view');
end
$$;

alter policy read_rows on chat.message using (chat.may_here(conversation_id, 'view'));
alter policy read_rows on chat.message_part using (chat.sees_message(message_id));
alter policy insert_rows on chat.message_part
    with check (chat.may_here((select m.conversation_id from chat.message m where m.message_id = message_part.message_id), 'edit'));
alter policy read_rows on chat.turn using (chat.may_here(conversation_id, 'view'));
alter policy read_rows on chat.turn_chunk using (chat.sees_turn(turn_id));
alter policy read_rows on chat.turn_part_log using (chat.sees_turn(turn_id));
alter policy read_rows on chat.context_summary using (chat.may_here(conversation_id, 'view'));
alter policy read_rows on chat.member using (user_id = kernel.person() or chat.may_here(conversation_id, 'view'));
alter policy read_rows on chat.change using (chat.may_here(conversation_id, 'view'));
alter policy read_rows on chat.draft_update using (chat.may_here(conversation_id, 'view'));
