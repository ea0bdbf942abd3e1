%% SPDX-License-Identifier: MIT
%% A pool of ten connections over IPv6 sockets, each of which comes back by itself when it is lost
%% or was never there, as a database pool does. The host is POOL_HOST.
-module(pool).
-export([start/0, report/0, drop/0]).

start() ->
    Host = os:getenv("POOL_HOST"),
    spawn(fun() -> keep(Host) end),
    ok.

%% Owns the table and the workers.
keep(Host) ->
    ets:new(pool, [public, named_table]),
    [spawn_link(fun() -> work(Host) end) || _ <- lists:seq(1, 10)],
    receive stop -> ok end.

work(Host) ->
    case gen_tcp:connect(Host, 5432, [inet6], 2000) of
        {ok, Socket} ->
            ets:insert(pool, {self(), up}),
            receive
                drop -> gen_tcp:close(Socket);
                {tcp_closed, Socket} -> ok
            end;
        {error, Reason} ->
            ets:insert(pool, {self(), Reason}),
            timer:sleep(200)
    end,
    work(Host).

%% What each of the ten last came to, each once, for the console.
report() ->
    States = lists:usort([State || {_, State} <- ets:tab2list(pool)]),
    io:format("pool of ~b: ~w~n", [ets:info(pool, size), States]).

drop() ->
    [Worker ! drop || {Worker, up} <- ets:tab2list(pool)],
    ok.
