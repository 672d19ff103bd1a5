alter table chat.conversation enable row level security;
create policy own_rows on chat.conversation to jeantrail_person using (owner_id = kernel.person());

alter table chat.message enable row level security;
create policy own_rows on chat.message to jeantrail_person using (
    exists (select from chat.conversation c where c.conversation_id = message.conversation_id and c.owner_id = kernel.person()));

alter table chat.turn enable row level security;
create policy own_rows on chat.turn to jeantrail_person using (owner_id = kernel.person());

alter table chat.turn_chunk enable row level security;
create policy own_rows on chat.turn_chunk to jeantrail_person using (
    exists (select from chat.turn t where t.turn_id = turn_chunk.turn_id and t.owner_id = kernel.person()));
