using Replica.Crdt.Causality;
using Replica.Crdt.Elements;

namespace Replica.Peer.Store.Memory;

/// <summary>An element in memory: as it was merged, and as a row once somebody asks for it.</summary>
/// <remarks>
/// Most elements are merged many times before they are read once, and making a row costs more than a merge. A row does
/// not depend on when it is made: nobody changes an element that was saved.
/// </remarks>
internal sealed class MemoryElement
{
    private readonly Element? _element;
    private volatile object? _row;

    /// <summary>An element that nobody changes any more.</summary>
    public MemoryElement(Element element) => _element = element;

    /// <summary>An element at rest.</summary>
    public MemoryElement(in ElementRow row) => _row = row;

    /// <summary>Whether it is alive.</summary>
    public bool IsAlive => _element?.IsAlive ?? ((ElementRow)_row!).IsAlive;

    /// <summary>The row. Any thread; two that make it at once make the same.</summary>
    /// <param name="order">Orders its stamps.</param>
    public ElementRow Row(ICausalView order) => (ElementRow)(_row ??= ElementRowCodec.Encode(_element!, order));

    /// <summary>The element; not to be changed.</summary>
    public Element ToElement(bool isEdge) => _element ?? ElementRowCodec.Decode((ElementRow)_row!, isEdge);
}
