%% SPDX-License-Identifier: MIT
%% Connects to each HOST, on port 5432, over IPv6, or over IPv4 where the name says so, and prints
%% what Erlang calls the failure.
-module(caller).
-export([main/1]).

main(Hosts) ->
    lists:foreach(fun call/1, Hosts),
    halt().

call(Host) ->
    Family = case lists:prefix("v4", Host) of true -> inet; false -> inet6 end,
    case gen_tcp:connect(Host, 5432, [Family], 2000) of
        {ok, _} -> io:format("connected~n");
        {error, Reason} -> io:format("~p~n", [Reason])
    end.
