-- The rule of access keeps its plans. As SQL functions that look into tables these are not made part of the statement that asks them, and under the
-- policies of the tables they look into each call cost a third of a millisecond, also for an owner, for whom nothing is looked up.

create or replace function chat.role_by_project(c chat.conversation, person uuid) returns chat.role language plpgsql stable parallel safe as $$
begin
    if c.project_id is null then
        return null;
    end if;
    return (select case when k.manages then 'admin' else 'edit' end::chat.role
        from chat.project p
            join kernel.place_person k on k.place_id = p.workspace_id and k.user_id = person
            join kernel.place_person o on o.place_id = p.workspace_id and o.user_id = c.owner_id
        where p.project_id = c.project_id);
end
$$;

create or replace function chat.may(c chat.conversation, person uuid, wanted chat.role) returns boolean language plpgsql stable parallel safe as $$
begin
    if c.owner_id = person then
        return true;
    end if;
    return c.deleted_at is null and (
        exists (select from chat.member m where m.conversation_id = c.conversation_id and m.user_id = person and m.role >= wanted)
        or coalesce(chat.role_by_project(c, person) >= wanted, false));
end
$$;

create or replace function chat.role_of(c chat.conversation, person uuid) returns text language plpgsql stable parallel safe as $$
begin
    if c.owner_id = person then
        return 'owner';
    end if;
    return greatest(
        (select m.role from chat.member m where m.conversation_id = c.conversation_id and m.user_id = person),
        chat.role_by_project(c, person))::text;
end
$$;

create or replace function chat.is_shared(c chat.conversation) returns boolean language plpgsql stable as $$
begin
    return exists (select from chat.member m where m.conversation_id = c.conversation_id)
        or (c.project_id is not null and exists (select from chat.others(c)));
end
$$;

create or replace function chat.may_here(conversation uuid, wanted chat.role) returns boolean language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    return exists (select from chat.conversation c where c.conversation_id = conversation and c.owner_id = kernel.person())
        or exists (select from chat.conversation c where c.conversation_id = conversation and chat.may(c, kernel.person(), wanted));
end
$$;
