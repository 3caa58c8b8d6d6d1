namespace Replica.Peer.Sync;

/// <summary>The channel numbers of one side.</summary>
/// <param name="first">Its first number: 2 for the initiator, 1 for the responder.</param>
internal sealed class ChannelSide(int first)
{
    /// <summary>How many of its channels are open.</summary>
    public int Count { get; set; }

    /// <summary>How many it has opened so far.</summary>
    public int Openings { get; private set; }

    /// <summary>The last number it has opened; 0 before the first.</summary>
    public int Last => Openings == 0 ? 0 : first + (2 * (Openings - 1));

    /// <summary>The last number it may open in a session.</summary>
    public int NumberMax => first + (2 * (ChannelLimits.OpeningsMax - 1));

    /// <summary>The last number that the other side knows of.</summary>
    public int Announced { get; set; }

    /// <summary>True for numbers of this side.</summary>
    public bool Owns(long number) => number > 0 && number % 2 == first % 2;

    /// <summary>Takes the next number.</summary>
    public int OpenNext()
    {
        Openings++;
        Count++;
        return Last;
    }
}
