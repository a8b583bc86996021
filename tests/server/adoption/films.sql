create schema films;
create type films.rating as enum ('G', 'PG', 'R');
create domain films.year as integer check (value between 1901 and 2155);
create table films.language (id serial primary key, name char(20) not null unique);
create table films.film (
    film_id int generated always as identity primary key, title text not null, release_year films.year,
    language_id int not null references films.language on delete restrict,
    original_language_id int references films.language, rental_rate numeric not null default 4.99,
    length smallint, rating films.rating default 'G', seen_by films.rating[], features text[], doc tsvector,
    cover bytea, last_update timestamp not null default now(), rate_with_tax numeric(10,2)
        generated always as (round(rental_rate * 1.19, 2)) stored,
    constraint film_length_check check (length > 0 and length < 1000),
    constraint film_odd_check check (title !~ '^x')
);
create table films."Order" (
    company int not null, number int not null, "user" text, "select" int, "Mixed Case" text, id int,
    version int, primary key (company, number)
);
create table films.line (
    company int not null, number int not null, position int not null, film_id int references films.film,
    parent_company int, parent_number int, parent_position int,
    primary key (company, number, position), foreign key (company, number) references films."Order" on delete cascade,
    foreign key (parent_company, parent_number, parent_position) references films.line on delete set null
);
create table films.payment (payment_id bigint, paid_at timestamptz not null, amount money, meta json, ip inet,
    primary key (payment_id, paid_at)) partition by range (paid_at);
create table films.payment_2025 partition of films.payment for values from ('2025-01-01') to ('2026-01-01');
create table films.payment_2026 partition of films.payment for values from ('2026-01-01') to ('2027-01-01');
create table films.hen (id int primary key, egg_id int);
create table films.egg (id uuid primary key default gen_random_uuid(), hen_id int references films.hen, note text not null);
alter table films.hen add column first_egg uuid references films.egg;
create table films.similar_film (
    film_id int references films.film, other_id int references films.film, score float8,
    primary key (film_id, other_id)
);
create function films.touch() returns trigger language plpgsql as 'begin return new; end';
create trigger film_touch before update on films.film for each row execute function films.touch();
insert into films.language (name) values ('English'), ('Deutsch');
insert into films.film (title, release_year, language_id, rental_rate, length, rating, seen_by, features, cover)
values ('Alien', 1979, 1, 2.999, 117, 'R', '{R,PG}', '{Trailers}', 'x'), ('Heidi', 2015, 2, 0, null, 'G', null, '{}', null);
insert into films."Order" values (1, 7, 'ann', 3, 'x', 1, 2), (2, 7, null, null, null, null, null);
insert into films.line values (1, 7, 1, 1, null, null, null), (1, 7, 2, 2, 1, 7, 1), (2, 7, 1, null, 1, 7, 2);
insert into films.payment values (1, '2025-05-05 12:00Z', 12.5, '{"a": 1}', '10.0.0.1'), (1, '2026-05-05 12:00Z', 1, null, null);
insert into films.hen values (1, 5), (2, null);
insert into films.egg values ('00000000-0000-7000-8000-000000000001', 1, ''), ('00000000-0000-7000-8000-000000000002', 2, 'b');
update films.hen set first_egg = '00000000-0000-7000-8000-000000000002' where id = 2;
insert into films.similar_film values (1, 2, 0.5);
