%% SPDX-License-Identifier: MIT
%% A node that runs already: connects, preloads pin4 into its resolver, connects,
%% takes pin4 away again and connects. Prints what each attempt came to.
-module(cure).
-export([main/1]).

main([Library, Rules, Host]) ->
    attempt(Host),
    os:putenv("PIN4_HOSTS", Rules),
    os:putenv("LD_PRELOAD", Library),
    restart_resolver(),
    attempt(Host),
    os:unsetenv("LD_PRELOAD"),
    restart_resolver(),
    attempt(Host),
    halt().

restart_resolver() ->
    inet_gethost_native:control(soft_restart).

attempt(Host) ->
    case postgres:connect(Host, plain, [inet6]) of
        {ok, Connection} -> io:format("~s~n", [postgres:client_address(Connection)]);
        {error, Reason} -> io:format("~p~n", [Reason])
    end.
