namespace Replica.Testing.World;

/// <summary>One peer's side of a connection.</summary>
/// <param name="link">The connection.</param>
/// <param name="number">The peer.</param>
internal abstract class LinkEnd(SimulatedLink link, int number) : IDisposable
{
    /// <summary>The number of the peer.</summary>
    public int Number => number;

    /// <summary>Whether this side takes the connection to stand.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Whether this side says that both are level.</summary>
    public abstract bool IsInSync { get; }

    /// <summary>How far it is, for the story of a failure.</summary>
    public virtual string Standing => "";

    protected SimulatedLink Link => link;

    protected SimulatedWorld World => link.World;

    /// <summary>The connection stands.</summary>
    public abstract void Start(bool isInitiator);

    /// <summary>Takes what the other side sealed.</summary>
    public abstract void Receive(byte[] plaintext);

    /// <summary>Something of this side arrived: there is room for more.</summary>
    public abstract void OnDrained();

    /// <summary>The peer committed something.</summary>
    public abstract void OnGrown();

    /// <summary>The connection is gone for this side.</summary>
    public void Close()
    {
        if (IsOpen)
        {
            IsOpen = false;
            Dispose();
        }
    }

    /// <summary>Does something later, if the connection then still stands.</summary>
    public void Later(long milliseconds, Action action) => World.Time.After(milliseconds, () =>
    {
        if (IsOpen)
        {
            action();
        }
    });

    /// <summary>Gives up what it keeps.</summary>
    public abstract void Dispose();
}
