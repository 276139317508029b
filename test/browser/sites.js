// Sites that use Intercom by the packages from npm: each starts for a stranger, signs users in, changes its route, signs
// out, and goes away, as the package's own documentation has it. A user is {user_id, user_hash, plan}.
import * as sdk from '@intercom/messenger-js-sdk';
import useMentorly from '@mentorly/react-intercom-hook';
import * as gatsby from 'gatsby-plugin-intercom-spa/gatsby-browser.js';
import * as intercomNext from 'intercom-next';
import * as nextIntercom from 'next-intercom';
import { Intercom as NgIntercom } from 'ng-intercom';
import React from 'react';
import { createRoot } from 'react-dom/client';
import ReactIntercom from 'react-intercom';
import { IntercomProvider as HookProvider, useIntercom as useHook } from 'react-intercom-hook';
import { IntercomProvider, useIntercom } from 'react-use-intercom';
import { Subject } from 'rxjs';
import Vue from 'vue';
import VueIntercom from 'vue-intercom';

const make = React.createElement;
const place = () => document.body.appendChild(document.createElement('div'));
const later = () => new Promise((done) => setTimeout(done, 50));

// The props of react-use-intercom.
const camel = ({ user_id: userId, user_hash: userHash, ...customAttributes }) => ({ userId, userHash, customAttributes });

// A component that renders the whole of a site anew for whoever is there, twice as React's strict mode does.
function rendered(component) {
  const root = createRoot(place());
  const render = (props) => root.render(make(React.StrictMode, null, make(component, props)));
  return { render, end: () => root.unmount() };
}

async function withHooks(Provider, use, props, translate) {
  let hooks;
  const Inner = () => {
    hooks = use();
    return null;
  };
  const { render, end } = rendered(() => make(Provider, props, make(Inner)));
  render({});
  await later();
  hooks.boot();
  return {
    login: (user) => hooks.update(translate(user)),
    route: () => hooks.update(),
    logout: () => {
      hooks.shutdown();
      hooks.boot();
    },
    end: () => {
      hooks.hardShutdown();
      end();
    },
  };
}

export const sites = {
  snippet(app, snippet) {
    const settings = (user) => (window.intercomSettings = { app_id: app, ...user });
    settings();
    snippet();
    return {
      login: (user) => settings(user) && snippet(),
      route: () => window.Intercom('update'),
      logout: () => {
        window.Intercom('shutdown');
        settings();
        snippet();
      },
      end: () => window.Intercom('shutdown'),
    };
  },

  sdk(app) {
    const Site = (user) => {
      sdk.Intercom({ app_id: app, ...user }); // with every render, as its readme has it
      return null;
    };
    const { render, end } = rendered(Site);
    render({});
    return {
      login: render,
      route: () => sdk.update(),
      logout: () => {
        sdk.shutdown();
        render({});
      },
      end: () => {
        end();
        sdk.shutdown();
      },
    };
  },

  reactUseIntercom: (app) => withHooks(IntercomProvider, useIntercom, { appId: app, autoBoot: true }, camel),

  // Its autoBoot boots only where its own loader ran, so the site boots.
  reactIntercomHook: (app) => withHooks(HookProvider, useHook, { appId: app }, (user) => user),

  async mentorly(app) {
    let command;
    const Site = (user) => {
      command = useMentorly({ app_id: app, ...user });
      return null;
    };
    const { render, end } = rendered(Site);
    render({});
    await later();
    return {
      login: render,
      route: () => command('update'),
      logout: () => {
        command('shutdown');
        command('boot', { app_id: app });
      },
      end: () => {
        end();
        command('shutdown');
      },
    };
  },

  reactIntercom(app) {
    let site = rendered(ReactIntercom);
    const render = (user) => site.render({ appID: app, ...user });
    render();
    return {
      login: render,
      route: () => window.Intercom('update'),
      logout: async () => {
        site.end();
        await later();
        site = rendered(ReactIntercom);
        render();
      },
      end: () => site.end(),
    };
  },

  vueIntercom(app) {
    Vue.config.productionTip = false;
    Vue.use(VueIntercom, { appId: app });
    const { $intercom: intercom } = new Vue({ render: (element) => element('div') }).$mount(place());
    intercom.boot({});
    return {
      login: (user) => intercom.update(user),
      route: () => intercom.update(),
      logout: () => {
        intercom.shutdown();
        intercom.boot({});
      },
      end: () => intercom.shutdown(),
    };
  },

  ngIntercom(app) {
    const renderer = { appendChild: (parent, child) => parent.appendChild(child) };
    const config = { appId: app, updateOnRouterChange: true };
    const intercom = new NgIntercom(config, 'browser', { events: new Subject() }, { createRenderer: () => renderer }, document);
    intercom.boot({});
    return {
      login: (user) => intercom.update(user),
      route: () => intercom.update(),
      logout: () => {
        intercom.shutdown();
        intercom.boot({});
      },
      end: () => intercom.shutdown(),
    };
  },

  nextIntercom: (app) => next(app, nextIntercom),

  intercomNext: (app) => next(app, intercomNext),

  gatsby(app) {
    window.IntercomAppId = app;
    gatsby.onInitialClientRender();
    return {
      login: (user) => window.Intercom('update', user),
      route: () => gatsby.onRouteUpdate({ location }),
      logout: () => {
        window.Intercom('shutdown');
        gatsby.onInitialClientRender();
      },
      end: () => window.Intercom('shutdown'),
    };
  },
};

// Two packages of one origin. Their shutdown deletes the function.
function next(app, { initIntercomWindow, loadIntercom, shutdownIntercom, updateIntercom }) {
  const start = () => {
    loadIntercom({ appId: app });
    initIntercomWindow({ appId: app });
  };
  start();
  return {
    login: (user) => updateIntercom('update', user),
    route: () => updateIntercom(),
    logout: () => {
      shutdownIntercom();
      start();
    },
    end: shutdownIntercom,
  };
}
