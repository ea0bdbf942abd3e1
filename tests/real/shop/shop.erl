%% SPDX-License-Identifier: MIT
%% An application that boots as CASE.md's does: a pool of ten connections to a
%% database far away, then one to an internal host, then its web server. It knows
%% nothing of pin4.
-module(shop).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1]).

-define(POOL, 10).

start(_, _) ->
    supervisor:start_link({local, shop}, shop, []).

stop(_) ->
    ok.

init([]) ->
    Database = os:getenv("DATABASE_HOST"),
    Pool = [connection({pool, N}, Database) || N <- lists:seq(1, ?POOL)],
    Internal = connection(internal, "db.internal"),
    Web = #{id => web, start => {shop_web, start_link, []}},
    {ok, {#{strategy => one_for_one}, Pool ++ [Internal, Web]}}.

connection(Id, Host) ->
    #{id => Id, start => {shop_connection, start_link, [Host, socket_options()]}}.

%% As config/runtime.exs has it.
socket_options() ->
    case os:getenv("ECTO_IPV6") of
        "true" -> [inet6];
        _ -> []
    end.
