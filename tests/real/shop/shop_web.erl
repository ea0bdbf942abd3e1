%% SPDX-License-Identifier: MIT
%% Answers every HTTP request on port 4000 with the client addresses that the database
%% servers see of this node, one a line. It listens once the pool stands.
-module(shop_web).
-export([start_link/0, init/1]).

start_link() ->
    proc_lib:start_link(?MODULE, init, [self()]).

init(Parent) ->
    {ok, Listener} = gen_tcp:listen(4000, [inet6, binary, {active, false}, {reuseaddr, true}]),
    proc_lib:init_ack(Parent, {ok, self()}),
    serve(Listener).

serve(Listener) ->
    {ok, Socket} = gen_tcp:accept(Listener),
    {ok, _} = gen_tcp:recv(Socket, 0),
    Body = [[Address, $\n] || Address <- client_addresses()],
    ok = gen_tcp:send(Socket, ["HTTP/1.0 200 OK\r\n\r\n", Body]),
    gen_tcp:close(Socket),
    serve(Listener).

client_addresses() ->
    [gen_server:call(Pid, client_address)
     || {Id, Pid, _, _} <- supervisor:which_children(shop), Id =/= web].
