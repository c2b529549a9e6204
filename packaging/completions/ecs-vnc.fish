# The program itself writes its completion, which knows your profiles and instances.
COMPLETE=fish ecs-vnc | source
