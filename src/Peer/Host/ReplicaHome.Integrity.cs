using Replica.Peer.Store;

namespace Replica.Peer.Host;

/// <content>What checking and saving the files of spaces needs of their home.</content>
public sealed partial class ReplicaHome
{
    /// <summary>How the file is called in which a state is built for comparison, beside the space's own.</summary>
    internal const string ScratchSuffix = "-verify";

    /// <summary>Who checks signatures.</summary>
    internal LedgerIdentity CreateIdentity() => new DeviceIdentity(_device);

    /// <summary>The file of a space.</summary>
    internal string FileOf(string name) => PathOf(name);
}
