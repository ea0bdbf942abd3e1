%% SPDX-License-Identifier: MIT
%% The smallest PostgreSQL client that is a real one: TLS as Postgrex asks for it
%% (SSLRequest on a gen_tcp socket, then an upgrade), start-up, simple queries.
-module(postgres).
-export([connect/3, query/2, client_address/1]).

-define(TIMEOUT, 2500).

%% User tls is served under TLS only, user plain without it only.
connect(Host, User, SocketOptions) ->
    Options = SocketOptions ++ [binary, {packet, raw}, {active, false}],
    case gen_tcp:connect(Host, 5432, Options, ?TIMEOUT) of
        {ok, Socket} when User =:= tls -> start(upgrade(Host, Socket), "tls");
        {ok, Socket} when User =:= plain -> start({gen_tcp, Socket}, "plain");
        {error, Reason} -> {error, Reason}
    end.

upgrade(Host, Socket) ->
    ok = gen_tcp:send(Socket, <<8:32, 80877103:32>>),
    {ok, <<"S">>} = gen_tcp:recv(Socket, 1, ?TIMEOUT),
    Options = [{verify, verify_peer}, {cacertfile, os:getenv("CA")},
               {server_name_indication, Host}],
    {ok, Tls} = ssl:connect(Socket, Options, ?TIMEOUT),
    {ssl, Tls}.

start({Transport, Socket}, User) ->
    Body = [<<196608:32>>, "user", 0, User, 0, "database", 0, "postgres", 0, 0],
    ok = Transport:send(Socket, [<<(iolist_size(Body) + 4):32>>, Body]),
    none = answer({Transport, Socket}, none),
    {ok, {Transport, Socket}}.

%% The last row's only column.
query({Transport, Socket}, Sql) ->
    Body = [Sql, 0],
    ok = Transport:send(Socket, [$Q, <<(iolist_size(Body) + 4):32>>, Body]),
    answer({Transport, Socket}, none).

client_address(Connection) ->
    query(Connection, "select host(inet_client_addr())").

%% Reads up to ReadyForQuery.
answer({Transport, Socket}, Value) ->
    {ok, <<Type, Length:32>>} = Transport:recv(Socket, 5, ?TIMEOUT),
    Body = body(Transport, Socket, Length - 4),
    case {Type, Body} of
        {$Z, _} -> Value;
        {$D, <<1:16, Size:32, Column:Size/binary>>} -> answer({Transport, Socket}, Column);
        {$E, _} -> error({postgres, Body});
        _ -> answer({Transport, Socket}, Value)
    end.

body(_, _, 0) -> <<>>;
body(Transport, Socket, Length) ->
    {ok, Body} = Transport:recv(Socket, Length, ?TIMEOUT),
    Body.
