%% SPDX-License-Identifier: MIT
%% A pool of ten that is never done: each connects with inet6 over TLS, asks five times, closes and
%% begins again. So do one connection to an internal host and one to a host that no rule names; one
%% more asks DNS itself, as dns_cluster does. What they come to is counted by phases: each line on
%% stdin ends one, and its counts are printed.
-module(soak).
-export([main/1]).

-define(PEER, "select family(inet_client_addr()) || ' ' || host(inet_server_addr())").

main([Host]) ->
    {ok, _} = application:ensure_all_started(ssl),
    ets:new(counts, [public, named_table, {write_concurrency, true}]),
    ets:insert(counts, {phase, 1}),
    [spawn_link(fun() -> work(Name, Of) end)
     || {Name, Of} <- lists:duplicate(10, {pool, Host}) ++
            [{internal, "db.internal"}, {unnamed, "dual.example.net"}]],
    spawn_link(fun() -> ask(Host) end),
    commands().

phase() ->
    ets:lookup_element(counts, phase, 2).

%% What began in another phase than it ended in is counted apart.
count(Began, Name, What) ->
    Phase = case phase() of Began -> Began; _ -> between end,
    Key = {Phase, Name, What},
    ets:update_counter(counts, Key, 1, {Key, 0}).

work(Name, Host) ->
    Began = phase(),
    try connect(Host) of
        {Connection, Peer} ->
            count(Began, Name, Peer),
            queries(5, Name, Connection),
            close(Connection)
    catch
        throw:Reason -> count(Began, Name, Reason), timer:sleep(100);
        error:_ -> count(Began, Name, lost), timer:sleep(100)
    end,
    work(Name, Host).

connect(Host) ->
    case postgres:connect(Host, tls, [inet6]) of
        {ok, Connection} -> {Connection, postgres:query(Connection, ?PEER)};
        {error, Reason} -> throw(Reason)
    end.

queries(0, _, _) ->
    ok;
queries(N, Name, Connection) ->
    timer:sleep(100),
    Began = phase(),
    try postgres:query(Connection, "select 1") of
        <<"1">> -> count(Began, {Name, query}, answered), queries(N - 1, Name, Connection)
    catch
        error:_ -> count(Began, {Name, query}, lost)
    end.

close({Transport, Socket}) ->
    Transport:close(Socket).

ask(Host) ->
    Began = phase(),
    case inet_res:lookup(Host, in, aaaa, [], 1000) of
        [{0, 0, 0, 0, 0, 16#ffff, _, _} = Address] ->
            count(Began, dns, inet:ntoa(Address));
        [] -> count(Began, dns, none);
        _ -> count(Began, dns, ipv6)
    end,
    timer:sleep(200),
    ask(Host).

commands() ->
    case io:get_line("") of
        "restart\n" -> inet_gethost_native:control(soft_restart);
        _ -> report(ets:update_counter(counts, phase, 1) - 1)
    end,
    commands().

report(Phase) ->
    [io:format("~s ~s ~b~n", [name(Of, Name), text(What), Count])
     || {{Of, Name, What}, Count} <- take(Phase) ++ take(between)],
    io:format("end~n").

take(Phase) ->
    [Row || {Key, _} <- ets:match_object(counts, {{Phase, '_', '_'}, '_'}),
            Row <- ets:take(counts, Key)].

name(between, Name) -> [name(none, Name), "_between"];
name(_, {Name, query}) -> [name(none, Name), "_query"];
name(_, Name) -> atom_to_list(Name).

text(What) when is_atom(What) -> atom_to_list(What);
text(What) -> string:replace(What, " ", "/").
