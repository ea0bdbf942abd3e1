%% SPDX-License-Identifier: MIT
%% A second node: prints the address at which it reached the shop's node, and stops that.
%%! -name ops@app.internal -setcookie pin4 -proto_dist inet6_tcp
main([]) ->
    Shop = 'shop@app.internal',
    pong = net_adm:ping(Shop),
    [{Shop, Port}] = erlang:system_info(dist_ctrl),
    {ok, {Address, _}} = inet:peername(Port),
    io:format("~s~n", [inet:ntoa(Address)]),
    ok = rpc:call(Shop, init, stop, []).
