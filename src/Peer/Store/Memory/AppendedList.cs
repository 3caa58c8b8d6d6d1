using System.Collections;

namespace Replica.Peer.Store.Memory;

/// <summary>A list that grows at its end only. Earlier versions stay as they are and share its array.</summary>
/// <remarks>
/// Only one line of versions may grow: who goes back to an earlier version and appends to it overwrites what came after
/// it. So a version that must outlive such a return is copied with <see cref="Copy"/>.
/// </remarks>
internal readonly struct AppendedList<T> : IReadOnlyList<T>
{
    private const int CapacityMin = 8;

    private readonly T[]? _items;

    private AppendedList(T[] items, int count)
    {
        _items = items;
        Count = count;
    }

    /// <summary>The empty list.</summary>
    public static AppendedList<T> Empty => default;

    public int Count { get; }

    public T this[int index] => index < Count ? _items![index] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The items, oldest first.</summary>
    public ReadOnlySpan<T> Span => _items.AsSpan(0, Count);

    /// <summary>The list with one more item.</summary>
    public AppendedList<T> Add(T item)
    {
        var items = _items ?? new T[CapacityMin];
        if (Count == items.Length)
        {
            Array.Resize(ref items, 2 * items.Length);
        }

        items[Count] = item;
        return new(items, Count + 1);
    }

    /// <summary>A copy with one more item in some place.</summary>
    public AppendedList<T> Insert(int index, T item) => index == Count ? Add(item) : new([.. Span[..index], item, .. Span[index..]], Count + 1);

    /// <summary>A copy with another item in one place.</summary>
    public AppendedList<T> SetItem(int index, T item)
    {
        var copy = Copy();
        copy._items![index] = item;
        return copy;
    }

    /// <summary>The same items in an array of their own.</summary>
    public AppendedList<T> Copy()
    {
        if (_items is null)
        {
            return this;
        }

        var items = new T[_items.Length];
        Span.CopyTo(items);
        return new(items, Count);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return _items![i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
