using Microsoft.AspNetCore.Http.Features;

namespace Replica.Web.Relay;

/// <summary>Puts a <see cref="GuardedStream"/> under the WebSocket of a request.</summary>
internal sealed class GuardedUpgrade(IHttpUpgradeFeature inner, TimeProvider time) : IHttpUpgradeFeature
{
    /// <inheritdoc/>
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    /// <summary>The stream; null before.</summary>
    public GuardedStream? Stream { get; private set; }

    /// <inheritdoc/>
    public async Task<Stream> UpgradeAsync() => Stream = new GuardedStream(await inner.UpgradeAsync(), time);
}
