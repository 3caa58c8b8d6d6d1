using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;

namespace Replica.Peer.Store;

/// <summary>The elements that a store transaction touches: an overlay for the transaction at work over what was accepted.</summary>
/// <remarks>What a failed transaction did is dropped with its overlay; nothing of it ever reaches the store.</remarks>
internal sealed class ElementBatch(IStoreEngine engine, ICausalView view)
{
    /// <summary>How many elements are kept decoded; at the limit they are written and forgotten.</summary>
    private const int ElementsMax = 8192;

    private readonly Dictionary<Target, Element> _accepted = [];
    private readonly HashSet<Target> _dirty = [];
    private readonly Dictionary<Target, Element> _overlay = [];

    /// <summary>The element as the transaction at work sees it; not to be changed.</summary>
    public Element Read(Target target)
    {
        if (_overlay.TryGetValue(target, out var element) || _accepted.TryGetValue(target, out element))
        {
            return element;
        }

        element = engine.LoadElement(target) is { } row ? ElementRowCodec.Decode(row, target is Target.Edge) : new(target is Target.Edge);
        _accepted.Add(target, element);
        return element;
    }

    /// <summary>The element for the transaction at work to change.</summary>
    public Element Write(Target target)
    {
        if (!_overlay.TryGetValue(target, out var element))
        {
            element = Read(target).Clone();
            _overlay.Add(target, element);
        }

        return element;
    }

    /// <summary>The edges of a relation that leave a node and are alive as the transaction at work sees them, in order of to and key.</summary>
    /// <param name="from">The node.</param>
    /// <param name="relation">The relation.</param>
    /// <param name="isMarked">Whether the store may return to a mark of this transaction.</param>
    public IReadOnlyList<Target.Edge> AliveEdges(string from, string relation, bool isMarked)
    {
        // The store then knows all but what this transaction did. What it would forget at its mark is written again later.
        Save();
        if (!isMarked)
        {
            _dirty.Clear();
        }

        var edges = engine.ReadAliveEdges(from, relation).ToHashSet();
        edges.UnionWith(_overlay.Keys.OfType<Target.Edge>().Where(edge => edge.From == from && edge.Relation == relation));
        return [.. edges
            .Where(edge => Read(edge).IsAlive)
            .OrderBy(static edge => edge.To, Utf8Order.Instance)
            .ThenBy(static edge => edge.Key, Utf8Order.Instance)];
    }

    /// <summary>Keeps what the transaction at work did.</summary>
    public void Accept()
    {
        foreach (var (target, element) in _overlay)
        {
            _accepted[target] = element;
            _ = _dirty.Add(target);
        }

        _overlay.Clear();
        if (_accepted.Count > ElementsMax)
        {
            Flush();
            _accepted.Clear();
        }
    }

    /// <summary>Drops what the transaction at work did.</summary>
    public void Discard() => _overlay.Clear();

    /// <summary>Writes what was accepted to the store.</summary>
    public void Flush()
    {
        Save();
        _dirty.Clear();
    }

    /// <summary>Forgets everything, after the store's transaction failed.</summary>
    public void Clear()
    {
        _overlay.Clear();
        _accepted.Clear();
        _dirty.Clear();
    }

    private void Save()
    {
        foreach (var target in _dirty)
        {
            engine.SaveElement(target, ElementRowCodec.Encode(_accepted[target], view));
        }
    }
}
