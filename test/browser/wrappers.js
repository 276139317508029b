// The packages by which sites call Intercom, as a site would use them. One script is made of it for the test.
import * as sdk from '@intercom/messenger-js-sdk';
import { Intercom as NgIntercom } from 'ng-intercom';
import React from 'react';
import { createRoot } from 'react-dom/client';
import ReactIntercom from 'react-intercom';
import { IntercomProvider, useIntercom } from 'react-use-intercom';
import { Subject } from 'rxjs';
import Vue from 'vue';
import VueIntercom from 'vue-intercom';

const place = () => document.body.appendChild(document.createElement('div'));

export { sites } from './sites.js';

export { sdk };

// Each answers what a site may do with the package once it is started.

export function reactUseIntercom(app) {
  return new Promise((started) => {
    function Site() {
      const intercom = useIntercom();
      React.useEffect(() => {
        started({ ...intercom, end: intercom.hardShutdown });
      }, []);
      return null;
    }
    const root = createRoot(place());
    root.render(
      React.createElement(
        IntercomProvider,
        { appId: app, autoBoot: true, autoBootProps: { customAttributes: { plan: 'pro' } }, apiBase: 'https://api.example' },
        React.createElement(Site),
      ),
    );
  });
}

export async function reactIntercom(app) {
  const root = createRoot(place());
  const render = (more) => root.render(React.createElement(ReactIntercom, { appID: app, plan: 'pro', ...more }));
  render();
  await new Promise((later) => setTimeout(later, 50));
  return {
    update: render,
    trackEvent: (...event) => window.Intercom('trackEvent', ...event),
    getVisitorId: () => window.Intercom('getVisitorId'),
    end: () => root.unmount(),
    again: () => createRoot(place()).render(React.createElement(ReactIntercom, { appID: app, plan: 'again' })),
  };
}

export async function vueIntercom(app) {
  Vue.config.productionTip = false;
  Vue.use(VueIntercom, { appId: app });
  const site = new Vue({ render: (element) => element('div') }).$mount(place());
  site.$intercom.boot({ plan: 'pro' });
  return { ...site.$intercom, end: site.$intercom.shutdown };
}

export async function ngIntercom(app) {
  const renderer = { appendChild: (parent, child) => parent.appendChild(child) };
  const config = { appId: app, updateOnRouterChange: true };
  const intercom = new NgIntercom(config, 'browser', { events: new Subject() }, { createRenderer: () => renderer }, document);
  intercom.boot({ plan: 'pro' });
  return {
    update: (data) => intercom.update(data),
    trackEvent: (...event) => intercom.trackEvent(...event),
    getVisitorId: () => intercom.visitorId,
    end: () => intercom.shutdown(),
  };
}
