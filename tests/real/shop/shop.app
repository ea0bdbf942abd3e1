%% SPDX-License-Identifier: MIT
%% The application of the boot test.
{application, shop,
 [{description, "boots as the application of the outage does"},
  {vsn, "1"},
  {modules, [postgres, shop, shop_connection, shop_web]},
  {registered, [shop]},
  {applications, [kernel, stdlib, crypto, asn1, public_key, ssl]},
  {mod, {shop, []}}]}.
