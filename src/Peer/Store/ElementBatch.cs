using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;

namespace Replica.Peer.Store;

/// <summary>The elements that a store transaction touches: what the transaction at work did over what was accepted.</summary>
/// <remarks>What a failed transaction did is dropped; nothing of it ever reaches the store.</remarks>
internal sealed class ElementBatch(IStoreEngine engine, ICausalView view)
{
    /// <summary>How many elements are kept decoded; at the limit they are written and forgotten.</summary>
    private const int ElementsMax = 8192;

    private readonly Dictionary<Target, Slot> _slots = [];
    private readonly List<Slot> _atWork = [];
    private readonly List<Slot> _dirty = [];

    /// <summary>The element as the transaction at work sees it; not to be changed.</summary>
    public Element Read(Target target) => SlotOf(target).Current;

    /// <summary>The element for the transaction at work to change.</summary>
    public Element Write(Target target)
    {
        var slot = SlotOf(target);
        if (slot.AtWork is null)
        {
            slot.AtWork = slot.Accepted.Clone();
            _atWork.Add(slot);
        }

        return slot.AtWork;
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
            Settle();
        }

        var edges = engine.ReadAliveEdges(from, relation).ToHashSet();
        edges.UnionWith(_atWork.Select(static slot => slot.Target).OfType<Target.Edge>()
            .Where(edge => edge.From == from && edge.Relation == relation));
        return [.. edges
            .Where(edge => Read(edge).IsAlive)
            .OrderBy(static edge => edge.To, Utf8Order.Instance)
            .ThenBy(static edge => edge.Key, Utf8Order.Instance)];
    }

    /// <summary>Keeps what the transaction at work did.</summary>
    public void Accept()
    {
        foreach (var slot in _atWork)
        {
            slot.Accepted = slot.AtWork!;
            slot.AtWork = null;
            if (!slot.IsDirty)
            {
                slot.IsDirty = true;
                _dirty.Add(slot);
            }
        }

        _atWork.Clear();
        if (_slots.Count > ElementsMax)
        {
            Flush();
            _slots.Clear();
        }
    }

    /// <summary>Drops what the transaction at work did.</summary>
    public void Discard()
    {
        foreach (var slot in _atWork)
        {
            slot.AtWork = null;
        }

        _atWork.Clear();
    }

    /// <summary>Writes what was accepted to the store.</summary>
    public void Flush()
    {
        Save();
        Settle();
    }

    /// <summary>Forgets everything, after the store's transaction failed.</summary>
    public void Clear()
    {
        _slots.Clear();
        _atWork.Clear();
        _dirty.Clear();
    }

    private void Save()
    {
        foreach (var slot in _dirty)
        {
            engine.SaveElement(slot.Target, slot.Accepted, view);
        }
    }

    private void Settle()
    {
        foreach (var slot in _dirty)
        {
            slot.IsDirty = false;
        }

        _dirty.Clear();
    }

    private Slot SlotOf(Target target)
    {
        if (!_slots.TryGetValue(target, out var slot))
        {
            slot = new(target, engine.FindElement(target) ?? new(target is Target.Edge));
            _slots.Add(target, slot);
        }

        return slot;
    }

    /// <summary>One element. What was accepted is not changed any more: it may be in the store.</summary>
    private sealed class Slot(Target target, Element accepted)
    {
        public Target Target { get; } = target;

        public Element Accepted { get; set; } = accepted;

        /// <summary>What the transaction at work makes of it; nothing if it did not write to it.</summary>
        public Element? AtWork { get; set; }

        /// <summary>Whether the store is yet to get it.</summary>
        public bool IsDirty { get; set; }

        public Element Current => AtWork ?? Accepted;
    }
}
