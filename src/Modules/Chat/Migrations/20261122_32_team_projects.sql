-- A project is a person's, or it hangs in a workspace of a team. Everybody there reads and writes what the others there began in it; what
-- somebody began stays theirs, and is shared only while they are there themselves.

alter table chat.project
    -- Who made it; null when that person is gone and the project is a team's.
    alter owner_id drop not null,
    add workspace_id uuid,
    add constraint project_somebodys check (owner_id is not null or workspace_id is not null);
create index project_workspace on chat.project (workspace_id) where workspace_id is not null;

-- What somebody may do with a project: owner of one's own; in a team admin, or edit: begin conversations in it. Null for strangers.
create function chat.project_role(p chat.project, person uuid) returns text language sql stable parallel safe as $$
    select case when p.workspace_id is null then case when p.owner_id = person then 'owner' end
        else (select case when k.manages or p.owner_id = person then 'admin' else 'edit' end
            from kernel.place_person k where k.place_id = p.workspace_id and k.user_id = person) end $$;

-- What somebody is in a conversation because its project is of a team that they and its owner are in.
create function chat.role_by_project(c chat.conversation, person uuid) returns chat.role language sql stable parallel safe as $$
    select case when k.manages then 'admin' else 'edit' end::chat.role
    from chat.project p
        join kernel.place_person k on k.place_id = p.workspace_id and k.user_id = person
        join kernel.place_person o on o.place_id = p.workspace_id and o.user_id = c.owner_id
    where p.project_id = c.project_id $$;

create or replace function chat.may(c chat.conversation, person uuid, wanted chat.role) returns boolean language sql stable parallel safe as $$
    select c.owner_id = person or (c.deleted_at is null and (
        exists (select from chat.member m where m.conversation_id = c.conversation_id and m.user_id = person and m.role >= wanted)
        or (c.project_id is not null and coalesce(chat.role_by_project(c, person) >= wanted, false)))) $$;

create or replace function chat.role_of(c chat.conversation, person uuid) returns text language sql stable parallel safe as $$
    select case when c.owner_id = person then 'owner'
        else greatest(
            (select m.role from chat.member m where m.conversation_id = c.conversation_id and m.user_id = person),
            case when c.project_id is not null then chat.role_by_project(c, person) end)::text end $$;

-- Who is in a conversation beside its owner. Read past the policies, as guests do not see who is in the team: ask whether somebody may look first.
create function chat.others(c chat.conversation) returns table (user_id uuid, role chat.role, joined_at timestamptz, by_team boolean)
    language sql stable security definer set search_path = pg_catalog as $$
    select p.user_id, max(p.role), coalesce(min(p.joined_at), c.created_at), bool_or(p.by_team) from (
        select m.user_id, m.role, m.joined_at, false as by_team from chat.member m where m.conversation_id = c.conversation_id
        union all
        select k.user_id, case when k.manages then 'admin' else 'edit' end::chat.role, null, true
        from chat.project p
            join kernel.place_person o on o.place_id = p.workspace_id and o.user_id = c.owner_id
            join kernel.place_person k on k.place_id = p.workspace_id and k.user_id <> c.owner_id
        where p.project_id = c.project_id) p
    group by p.user_id $$;

-- Whether others read it. Most conversations have no project, and are asked no more than that.
create function chat.is_shared(c chat.conversation) returns boolean language sql stable as $$
    select exists (select from chat.member m where m.conversation_id = c.conversation_id)
        or (c.project_id is not null and exists (select from chat.others(c))) $$;

-- The second lock: projects of teams, with those who are there, of the person whom a statement runs for. Looked up once a statement.
create function chat.shared_projects(wanted chat.role) returns table (project_id uuid, owner_id uuid)
    language sql stable security definer set search_path = pg_catalog as $$
    select p.project_id, o.user_id
    from kernel.place_person me
        join chat.project p on p.workspace_id = me.place_id
        join kernel.place_person o on o.place_id = me.place_id
    where me.user_id = kernel.person() and (me.manages or wanted < 'admin') $$;

create or replace function chat.may_here(conversation uuid, wanted chat.role) returns boolean language sql stable as $$
    select exists (select from chat.conversation c where c.conversation_id = conversation
        and (c.owner_id = kernel.person() or conversation in (select chat.joined(wanted))
            or (c.project_id is not null and (c.project_id, c.owner_id) in (select s.project_id, s.owner_id from chat.shared_projects(wanted) s)))) $$;

drop policy read_rows on chat.conversation;
create policy read_rows on chat.conversation for select to jeantrail_person
    using (owner_id = kernel.person() or (deleted_at is null and (conversation_id in (select chat.joined('view'))
        or (project_id is not null and (project_id, owner_id) in (select s.project_id, s.owner_id from chat.shared_projects('view') s)))));
drop policy change_rows on chat.conversation;
create policy change_rows on chat.conversation for update to jeantrail_person
    using (owner_id = kernel.person() or conversation_id in (select chat.joined('edit'))
        or (project_id is not null and (project_id, owner_id) in (select s.project_id, s.owner_id from chat.shared_projects('edit') s)));

drop policy own_rows on chat.project;
create policy read_rows on chat.project for select to jeantrail_person
    using ((workspace_id is null and owner_id = kernel.person()) or workspace_id in (select kernel.my_places()));
create policy insert_rows on chat.project for insert to jeantrail_person
    with check (owner_id = kernel.person() and (workspace_id is null or workspace_id in (select kernel.my_places())));
create policy change_rows on chat.project for update to jeantrail_person
    using (case when workspace_id is null then owner_id = kernel.person()
        else workspace_id in (select kernel.my_places(true)) or (owner_id = kernel.person() and workspace_id in (select kernel.my_places())) end)
    with check (workspace_id in (select kernel.my_places()) or (workspace_id is null and owner_id = kernel.person()));
create policy delete_rows on chat.project for delete to jeantrail_person
    using (case when workspace_id is null then owner_id = kernel.person()
        else workspace_id in (select kernel.my_places(true)) or (owner_id = kernel.person() and workspace_id in (select kernel.my_places())) end);

-- Out of a project, or into another: those who listened there stay behind.
create function chat.leave_project() returns trigger language plpgsql as $$
begin
    new.live_version = old.live_version + 1;
    return new;
end
$$;
create trigger leave_project before update of project_id on chat.conversation for each row
    when (old.project_id is distinct from new.project_id and old.project_id is not null) execute function chat.leave_project();

-- To another workspace, or to nobody but its owner: what was begun by those who are not there leaves it.
create function chat.move_project() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    update chat.conversation c set project_id = null
    where c.project_id = new.project_id and c.owner_id is distinct from new.owner_id
        and not exists (select from kernel.place_person k where k.place_id = new.workspace_id and k.user_id = c.owner_id);
    update chat.conversation c set live_version = live_version + 1 where c.project_id = new.project_id;
    return null;
end
$$;
create trigger move_project after update of workspace_id on chat.project for each row
    when (old.workspace_id is distinct from new.workspace_id) execute function chat.move_project();
