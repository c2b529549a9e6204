# The program itself writes its completion, which knows your profiles and instances.
source <(COMPLETE=bash ecs-vnc)
