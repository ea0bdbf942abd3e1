%% SPDX-License-Identifier: MIT
%% One connection: made, and used, before its supervisor goes on.
-module(shop_connection).
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Host, SocketOptions) ->
    gen_server:start_link(?MODULE, {Host, SocketOptions}, []).

init({Host, SocketOptions}) ->
    case postgres:connect(Host, tls, SocketOptions) of
        {ok, Connection} ->
            {ok, {Connection, postgres:client_address(Connection)}};
        {error, Reason} ->
            logger:error("tcp connect (~s:5432): ~s - ~p",
                         [Host, inet:format_error(Reason), Reason]),
            {stop, Reason}
    end.

handle_call(client_address, _, {Connection, Address}) ->
    {reply, Address, {Connection, Address}}.

handle_cast(_, State) ->
    {noreply, State}.
