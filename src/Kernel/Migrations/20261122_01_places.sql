-- Places that several people share, such as a workspace of a team: who is in each, and who manages it. The module whose places they are
-- writes this, by triggers, so that no way in or out is forgotten; the rules of every module may ask it.
create table kernel.place_person (
    place_id uuid not null,
    user_id uuid not null,
    manages boolean not null,
    primary key (place_id, user_id)
);
create index place_person_user on kernel.place_person (user_id);

-- Where the person is whom a statement runs for; read past the policy, which asks it.
create function kernel.my_places(managed boolean default false) returns setof uuid language sql stable security definer set search_path = pg_catalog
    as $$ select p.place_id from kernel.place_person p where p.user_id = kernel.person() and (p.manages or not managed) $$;

alter table kernel.place_person enable row level security;
create policy read_rows on kernel.place_person for select to jeantrail_person using (place_id in (select kernel.my_places()));

-- Whoever is out is out at once: what they hold open asks again whether it may.
create function kernel.tell_place_left() returns trigger language plpgsql as $$
begin
    perform pg_notify('jeantrail', 'kernel.place-left ' || old.user_id);
    return null;
end
$$;
create trigger tell_place_left after delete on kernel.place_person for each row execute function kernel.tell_place_left();
