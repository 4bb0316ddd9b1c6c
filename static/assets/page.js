/* What a page does by itself: it tells that its article was shown, once, and renews a list that is
   being watched. Everything works without it. Written for old browsers too. */
(function () {
  'use strict';

  /* An article counts when it is seen, not when it is fetched ahead or opened behind. */
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

  /* A list with data-renew is fetched again after so many seconds; a server that has nothing new
     answers 304, and nothing moves. */
  var list = document.querySelector('[data-renew]');
  var tag = null;

  function show(text) {
    var page = new DOMParser().parseFromString(text, 'text/html');
    var main = document.getElementById('main'), fresh = page.getElementById('main');
    var focused = main.contains(document.activeElement) && document.activeElement.href;
    if (!fresh)
      return;
    main.innerHTML = fresh.innerHTML;
    /* Who is at a link stays at it, wherever it stands now. */
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
      /* The next turn tries again. */
    });
  }

  if (list && window.fetch)
    setInterval(renew, list.getAttribute('data-renew') * 1000);
})();
