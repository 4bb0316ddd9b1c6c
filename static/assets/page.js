/* What a page does by itself: it posts one view of its article, and refreshes a list that is visible.
   Everything works without it. Written for old browsers, too. */
(function () {
  'use strict';

  /* An article counts when it is visible, not when it is fetched ahead or opened in the background. */
  var views = document.body.getAttribute('data-views');

  function count() {
    if (!views || document.visibilityState === 'hidden' || document.prerendering)
      return;
    if (navigator.sendBeacon) {
      navigator.sendBeacon(views);
    } else {
      var request = new XMLHttpRequest();
      request.open('POST', views);
      request.send();
    }
    views = null;
  }

  document.addEventListener('visibilitychange', count);
  document.addEventListener('prerenderingchange', count);
  count();

  /* A list with data-renew is fetched again after so many seconds; after a 304 the page stays as it
     is. */
  var list = document.querySelector('[data-renew]');
  var tag = null;

  function show(text) {
    var page = new DOMParser().parseFromString(text, 'text/html');
    var main = document.getElementById('main'), fresh = page.getElementById('main');
    var focused = main.contains(document.activeElement) && document.activeElement.href;
    if (!fresh)
      return;
    main.innerHTML = fresh.innerHTML;
    /* The focused link keeps the focus, wherever it is in the list now. */
    for (var i = 0, links = main.querySelectorAll('a'); focused && i < links.length; i++) {
      if (links[i].href === focused) {
        links[i].focus({preventScroll: true});
        break;
      }
    }
  }

  function renew() {
    if (document.visibilityState === 'hidden')
      return;
    var headers = {'Accept': 'text/html'};
    if (tag)
      headers['If-None-Match'] = tag;
    fetch(location.href, {headers: headers, cache: 'no-store'}).then(function (answer) {
      if (answer.status !== 200)
        return;
      tag = answer.headers.get('ETag');
      return answer.text().then(show);
    }).catch(function () {
      /* The next refresh tries again. */
    });
  }

  if (list && window.fetch)
    setInterval(renew, list.getAttribute('data-renew') * 1000);
})();
