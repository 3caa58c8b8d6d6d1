using Replica.Peer.Host;

namespace Replica.PeerCli.Input;

/// <summary>Which home a command is about: <c>--dir</c>, else <c>REPLICA_DIR</c>, else the current directory when it is one.</summary>
internal static class HomeDirectory
{
    /// <summary>The full path of the home.</summary>
    /// <param name="option">The value of <c>--dir</c>.</param>
    /// <param name="mayBeNew">Whether the current directory will do although it is no home yet.</param>
    /// <exception cref="UsageException">None is named.</exception>
    public static string Resolve(string? option, bool mayBeNew)
    {
        var named = option ?? Environment.GetEnvironmentVariable("REPLICA_DIR");
        if (!string.IsNullOrEmpty(named))
        {
            return Path.GetFullPath(named);
        }

        var current = Directory.GetCurrentDirectory();
        return mayBeNew || ReplicaHome.IsHome(current)
            ? current
            : throw new UsageException("No home is named: give --dir DIR, set REPLICA_DIR, or go to a directory that is a home.");
    }
}
