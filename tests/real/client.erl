%% SPDX-License-Identifier: MIT
%% Connects to each host in turn, in one VM, with [inet6], and prints the client
%% address that PostgreSQL saw, or the error.
-module(client).
-export([main/1]).

%% Arguments: gen_tcp or ssl, the backend, hosts.
main([Transport, Backend | Hosts]) ->
    User = case Transport of
        "gen_tcp" -> plain;
        "ssl" -> tls
    end,
    {ok, _} = application:ensure_all_started(ssl),
    Options = [{inet_backend, list_to_existing_atom(Backend)}, inet6],
    [io:format("~s~n", [answer(postgres:connect(Host, User, Options))]) || Host <- Hosts],
    halt().

answer({ok, Connection}) -> postgres:client_address(Connection);
answer({error, Reason}) -> io_lib:format("~p", [Reason]).
