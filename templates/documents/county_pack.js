// Searches the services. Letters are compared without diacritics, as people type; each carries its words ready (data-w).
(function () {
  var field = document.getElementById('cauta'), count = document.getElementById('cate');
  if (!field) return;
  field.parentNode.hidden = false;
  var items = [].slice.call(document.querySelectorAll('li[data-w]'));

  function fold(text) {
    return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ').replace(/a/g, 'i');
  }

  field.addEventListener('input', function () {
    var words = fold(field.value).split(/\s+/).filter(Boolean), found = 0;
    items.forEach(function (item) {
      var text = item.getAttribute('data-w');
      item.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
      if (!item.hidden) found++;
    });
    [].forEach.call(document.querySelectorAll('[data-g]'), function (group) {
      group.hidden = !group.querySelector('li:not([hidden])');
      if (words.length && group.tagName === 'DETAILS') group.open = true;
    });
    count.textContent = words.length ? count.getAttribute('data-t').replace('0', found) : '';
  });
})();
