// A real nginx with a virtual host that is only found by its name, and a program whose listener has that name as its
// target: the one in which "target www.example.org:80, point the browser to localhost:8081" must work.

import type { Route } from "../src/model.ts";
import { Monitor } from "./monitor.ts";
import { Nginx } from "./nginx.ts";

/** The name that only this test's program knows. */
export const NAME = "www.example.test";

/** An nginx that tells by whose name it was asked, redirects, and sets cookies as servers behind a name do. */
export function virtualHost(): Promise<Nginx> {
  return Nginx.start({}, undefined, (port) => `
  server {
    listen 127.0.0.1:${port};
    server_name ${NAME};
    default_type text/html;
    location = / {
      add_header Set-Cookie "id=7; Domain=example.test; Path=/; Secure; SameSite=None";
      add_header Set-Cookie "__Host-id=8; Path=/; Secure";
      return 200 '<title>Shop</title><form method="post" action="/order"><button>Order</button></form>host $http_host';
    }
    location = /moved { return 302 http://${NAME}:${port}/there?a=b; }
    location = /there {
      add_header Content-Location http://${NAME}:${port}/there;
      return 200 '<title>There</title>host $http_host cookie $http_cookie referer $http_referer';
    }
    location = /order {
      return 200 '<title>Ordered</title>host $http_host origin $http_origin referer $http_referer cookie $http_cookie';
    }
    location = /secure { return 301 https://${NAME}/; }
  }`);
}

/** A program in front of it. `route` is what the listener is told besides its target. */
export function monitorOf(
  nginx: Nginx,
  route: Partial<Route> = {},
  capture: string | null = null,
): Promise<Monitor> {
  const lookup = (host: string) =>
    host === NAME
      ? Promise.resolve([{ address: "127.0.0.1", family: 4 }])
      : Promise.reject(new Error(`${host}: not a name of this test`));
  return Monitor.withRoutes([{ target: { host: NAME, port: nginx.port }, ...route }], capture, lookup);
}
