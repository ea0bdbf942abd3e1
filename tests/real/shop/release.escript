%% SPDX-License-Identifier: MIT
%% Makes the boot file of the release that runs shop, in the current directory.
main([]) ->
    code:add_path("."),
    Needed = [kernel, stdlib, crypto, asn1, public_key, ssl, shop],
    [application:load(Name) || Name <- Needed],
    Applications = [{Name, version(Name)} || Name <- Needed],
    Release = {release, {"shop", "1"}, {erts, erlang:system_info(version)}, Applications},
    ok = file:write_file("shop.rel", io_lib:format("~p.~n", [Release])),
    Options = [local, silent, no_warn_sasl, {path, ["."]}],
    {ok, _, []} = systools:make_script("shop", Options).

version(Name) ->
    {ok, Version} = application:get_key(Name, vsn),
    Version.
