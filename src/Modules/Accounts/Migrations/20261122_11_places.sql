-- A workspace is a place that the members of its team share. Changes of teams take turns by the lock of the team.
create function accounts.place_of_workspace() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    if tg_op = 'DELETE' then
        delete from kernel.place_person where place_id = old.workspace_id;
    else
        insert into kernel.place_person (place_id, user_id, manages)
        select new.workspace_id, m.user_id, m.role <> 'member' from accounts.team_member m where m.team_id = new.team_id;
    end if;
    return null;
end
$$;
create trigger place_of_workspace after insert or delete on accounts.team_workspace for each row execute function accounts.place_of_workspace();

create function accounts.places_of_member() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    if tg_op = 'DELETE' then
        delete from kernel.place_person k using accounts.team_workspace w
        where w.team_id = old.team_id and k.place_id = w.workspace_id and k.user_id = old.user_id;
    else
        insert into kernel.place_person (place_id, user_id, manages)
        select w.workspace_id, new.user_id, new.role <> 'member' from accounts.team_workspace w where w.team_id = new.team_id
        on conflict (place_id, user_id) do update set manages = excluded.manages;
    end if;
    return null;
end
$$;
create trigger places_of_member after insert or delete or update of role on accounts.team_member for each row execute function accounts.places_of_member();

insert into kernel.place_person (place_id, user_id, manages)
select w.workspace_id, m.user_id, m.role <> 'member' from accounts.team_workspace w join accounts.team_member m on m.team_id = w.team_id;
