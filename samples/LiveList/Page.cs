namespace Replica.Samples.LiveList;

/// <summary>The page: it shows what comes, and sends what is typed.</summary>
internal static class Page
{
    public const string Html = """
        <!doctype html>
        <meta charset="utf-8">
        <title>Live list</title>
        <form><input autofocus placeholder="What is to be done?"><button>Add</button></form>
        <ul></ul>
        <script>
        const list = document.querySelector('ul'), input = document.querySelector('input'), rows = new Map();
        const save = async item => {
          const answer = await fetch('items', {
            method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(item) });
          if (!answer.ok) { const problem = await answer.json(); alert(problem.detail ?? problem.title); }
        };
        document.querySelector('form').onsubmit = event => {
          event.preventDefault();
          save({ id: crypto.randomUUID(), text: input.value, done: false });
          input.value = '';
        };
        const show = item => {
          const row = rows.get(item.id) ?? list.appendChild(document.createElement('li'));
          row.textContent = item.text;
          row.style.textDecoration = item.done ? 'line-through' : '';
          row.onclick = () => save({ ...item, done: !item.done });
          rows.set(item.id, row);
        };
        const drop = id => { rows.get(id)?.remove(); rows.delete(id); };
        new EventSource('items/live').onmessage = event => {
          const update = JSON.parse(event.data);
          if (update.isFirst) [...rows.keys()].forEach(drop);
          for (const { kind, key, item } of update.differences) kind === 'Removed' ? drop(key) : show(item);
        };
        </script>
        """;
}
