namespace Replica.PeerCli.Output;

/// <summary>A dot as people read it.</summary>
internal static class DotText
{
    /// <summary>Eight digits of the log, and the number.</summary>
    public static string Short(string dot)
    {
        var colon = dot.IndexOf(':');
        return colon > 8 ? dot[..8] + dot[colon..] : dot;
    }
}
