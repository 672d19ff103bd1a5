-- A message that changes while it is being indexed waits for that to end and is noted again: doing nothing on conflict left it as it had been read.
create or replace function chat.note_message() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    insert into chat.unindexed as u values (new.message_id) on conflict (message_id) do update set message_id = excluded.message_id;
    return null;
end
$$;

create or replace function chat.note_extracted() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    insert into chat.unindexed as u select distinct p.message_id from chat.message_part p where p.attachment_id = new.attachment_id
        on conflict (message_id) do update set message_id = excluded.message_id;
    return null;
end
$$;
