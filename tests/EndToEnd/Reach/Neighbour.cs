namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Programs of others that speak multicast DNS.</summary>
public enum Neighbour
{
    Avahi,
    Zeroconf,
}
